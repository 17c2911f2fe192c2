import { type Refusal, refuse } from '../refusal.ts';
import type { Subject } from '../subject.ts';

export const RECOMMENDATIONS = ['SAFE', 'RISKY', 'BLOCKED'] as const;
export type Recommendation = (typeof RECOMMENDATIONS)[number];

/** A key whose readers may not expect what a rollback leaves there. */
export type BreakingChange = {
  readonly key: string;
  readonly change: 'removed' | 'type_changed' | 'variants_changed';
};

/** What is live where something is taken back, and reads it. */
export type Consumer = Subject & { readonly gateway?: string };

/** What is known of a rollback; `unknown` where too much would have to be read, or nothing is recorded. */
export type RollbackFacts = {
  /** Why it cannot be, when it cannot. */
  readonly refusal?: Refusal;
  /** How many keys it changes. */
  readonly keys: number;
  readonly breaking: readonly BreakingChange[] | 'unknown';
  readonly consumers: readonly Consumer[] | 'unknown';
  /** Promotions that it takes back beside the one it is about, and edits made since. */
  readonly later: readonly string[];
  readonly edits: number;
  /** How long past executions of the subject took, in seconds. */
  readonly durations: readonly number[];
};

/** What a rollback would do, and whether to. `null`: unknown. */
export type RollbackImpact = {
  readonly recommendation: Recommendation;
  /** Sorted. */
  readonly reason_codes: readonly string[];
  readonly affected_consumers: readonly Consumer[] | null;
  readonly breaking_changes: readonly BreakingChange[] | null;
  readonly later_promotions_undone: readonly string[];
  readonly later_edits_undone: number;
  readonly keys: number;
  readonly estimated_downtime_seconds: number | null;
};

/**
 * Judges a rollback: BLOCKED when it is refused; RISKY when somebody may miss what it takes away, when it takes back more than was asked
 * for, or when anything about it is unknown; else SAFE.
 */
export function judgeRollback(facts: RollbackFacts): RollbackImpact {
  const { refusal, keys, breaking, consumers, later, edits } = facts;
  const downtime = longest(facts.durations);
  const known = {
    affected_consumers: consumers === 'unknown' ? null : consumers,
    breaking_changes: breaking === 'unknown' ? null : breaking,
    later_promotions_undone: later,
    later_edits_undone: edits,
    keys,
    estimated_downtime_seconds: downtime,
  };
  if (refusal !== undefined) {
    return { recommendation: 'BLOCKED', reason_codes: [blockCode(refusal)], ...known };
  }
  // A key that was added is taken away again: where nothing is live, nothing reads the key.
  const read = consumers === 'unknown' || consumers.length > 0;
  const surprises = ({ change }: BreakingChange) => read || change !== 'removed';
  const risks = [
    ...(breaking === 'unknown' ? ['breaking_changes_unknown'] : []),
    ...(breaking !== 'unknown' && breaking.some(surprises) ? ['breaking_changes'] : []),
    ...(consumers === 'unknown' ? ['consumers_unknown'] : []),
    ...(downtime === null ? ['downtime_unknown'] : []),
    ...(downtime !== null && downtime > 0 ? ['downtime'] : []),
    ...(later.length > 0 ? ['later_promotions_undone'] : []),
    ...(edits > 0 ? ['later_edits_undone'] : []),
  ];
  return { recommendation: risks.length === 0 ? 'SAFE' : 'RISKY', reason_codes: risks.sort(), ...known };
}

/** Why a rollback with this impact is not begun; `undefined` when it may be. Who acknowledges takes a risk, never a block. */
export function refuseRisk(
  { recommendation, reason_codes }: RollbackImpact,
  acknowledged: boolean,
): Refusal | undefined {
  if (recommendation !== 'RISKY' || acknowledged) return undefined;
  const detail = `the rollback is risky (${reason_codes.join(', ')}): set acknowledgeRisk to true to go on`;
  const errors = [{ field: 'acknowledgeRisk', problem: 'must be true' }];
  return refuse('risk_not_acknowledged', detail, { recommendation, reason_codes, errors });
}

/** The reason within a refusal says more than its code. */
function blockCode({ refused, data }: Refusal): string {
  const reason = data?.['reason'];
  return refused === 'locked' || typeof reason !== 'string' ? refused : reason;
}

/** What took longest before may take as long again. */
function longest(durations: readonly number[]): number | null {
  return durations.length === 0 ? null : Math.ceil(Math.max(...durations));
}
