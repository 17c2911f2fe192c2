import type { GateResult } from '../gates/gate.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Subject } from '../subject.ts';

export const RECOMMENDATIONS = ['SAFE', 'RISKY', 'BLOCKED'] as const;
export type Recommendation = (typeof RECOMMENDATIONS)[number];

/** What may break for readers: an entry of configuration that loses its shape, or another major version (semver 2.0.0, section 8). */
export type BreakingChange =
  | { readonly key: string; readonly change: 'removed' | 'type_changed' | 'variants_changed' }
  | { readonly from: string; readonly to: string; readonly change: 'major_version' };

/** What is live in the environment and reads its configuration. */
export type LiveConsumer = Subject & { readonly gateway?: string };

/** A declared consumer of an artifact, and whether its constraint takes the version that is gone back to. */
export type PinnedConsumer = {
  readonly id: string;
  readonly name: string;
  readonly constraint: string;
  readonly satisfied: boolean;
};

/** A revision that can be gone back to. */
export type FormerRevision = {
  readonly number: number;
  /** A version or a label; null where it has none. */
  readonly version: string | null;
  readonly at: string;
};

export type AffectedConsumer = LiveConsumer | PinnedConsumer;

/** What is known of a rollback, all of it read; `unknown` where nothing is recorded, or too much would have to be read. */
export type RollbackFacts = {
  /** Why it cannot be, when it cannot. */
  readonly refusal?: Refusal;
  /** A version, a label or a digest; configuration has revisions alone. */
  readonly from?: string;
  readonly to?: string;
  readonly from_revision?: number;
  readonly to_revision?: number;
  /** How many keys of configuration it changes. */
  readonly keys?: number;
  readonly breaking: readonly BreakingChange[] | 'unknown';
  readonly consumers: readonly AffectedConsumer[] | 'unknown';
  /** What today's gates would say of the content, were it promoted there now. */
  readonly gates: readonly GateResult[];
  /** Promotions that it takes back beside the one it is about, and edits made since. */
  readonly later: readonly string[];
  readonly edits: number;
  /** How long past executions of the subject there took, in seconds. */
  readonly durations: readonly number[];
  /** What can be gone back to instead, newest first. */
  readonly revisions: readonly FormerRevision[];
};

/** What a rollback would do, and whether to. `null`: unknown; of versions and keys: the kind has none. */
export type RollbackImpact = {
  readonly recommendation: Recommendation;
  /** Sorted. */
  readonly reason_codes: readonly string[];
  readonly from_version: string | null;
  readonly to_version: string | null;
  readonly from_revision: number | null;
  readonly to_revision: number | null;
  readonly keys: number | null;
  readonly affected_consumers: readonly AffectedConsumer[] | null;
  readonly breaking_changes: readonly BreakingChange[] | null;
  readonly policy_compatibility: readonly Pick<GateResult, 'name' | 'mode' | 'status' | 'reason_code'>[];
  readonly later_promotions_undone: readonly string[];
  readonly later_edits_undone: number;
  readonly estimated_downtime_seconds: { readonly median: number; readonly p90: number } | null;
  readonly revisions: readonly FormerRevision[];
};

/**
 * Judges a rollback of any kind: BLOCKED when it is refused; RISKY when a consumer may miss what it takes away, when the content would not
 * pass today's gates, when it takes back more than was asked for, or when any of this is unknown; else SAFE.
 */
export function judgeRollback(facts: RollbackFacts): RollbackImpact {
  const { refusal, breaking, consumers, gates, later, edits } = facts;
  const downtime = spread(facts.durations);
  const known = {
    from_version: facts.from ?? null,
    to_version: facts.to ?? null,
    from_revision: facts.from_revision ?? null,
    to_revision: facts.to_revision ?? null,
    keys: facts.keys ?? null,
    affected_consumers: consumers === 'unknown' ? null : consumers,
    breaking_changes: breaking === 'unknown' ? null : breaking,
    policy_compatibility: gates.map(({ name, mode, status, reason_code }) => ({
      name,
      mode,
      status,
      reason_code,
    })),
    later_promotions_undone: later,
    later_edits_undone: edits,
    estimated_downtime_seconds: downtime,
    revisions: facts.revisions,
  };
  if (refusal !== undefined) {
    return { recommendation: 'BLOCKED', reason_codes: [blockCode(refusal)], ...known };
  }
  const risks = [
    ...risksOf(facts),
    ...(later.length > 0 ? ['later_promotions_undone'] : []),
    ...(edits > 0 ? ['later_edits_undone'] : []),
    ...(downtime === null ? ['downtime_unknown'] : []),
  ];
  return { recommendation: risks.length === 0 ? 'SAFE' : 'RISKY', reason_codes: risks.sort(), ...known };
}

/** What of the content speaks against going back to it. */
function risksOf({ breaking, consumers, gates }: RollbackFacts): readonly string[] {
  // A key that was added is taken away again: where nothing is live, nothing reads the key.
  const read = consumers === 'unknown' || consumers.length > 0;
  const surprises = ({ change }: BreakingChange) => read || change !== 'removed';
  const failing = ({ mode, status }: GateResult) =>
    mode === 'block' && status !== 'PASSED' && status !== 'SKIPPED';
  return [
    ...(breaking === 'unknown' ? ['breaking_changes_unknown'] : []),
    ...(breaking !== 'unknown' && breaking.some(surprises) ? ['breaking_changes'] : []),
    ...(consumers === 'unknown' ? ['consumers_unknown'] : []),
    ...(consumers !== 'unknown' && consumers.some((one) => 'satisfied' in one && !one.satisfied)
      ? ['consumers_unsatisfied']
      : []),
    ...(gates.some(failing) ? ['policy_incompatible'] : []),
    // Every environment has a gate at least: none means that nobody could ask them.
    ...(gates.length === 0 ? ['policy_unknown'] : []),
  ];
}

/** The impact of a rollback that cannot even be planned. */
export function refusedImpact(refusal: Refusal, revisions: readonly FormerRevision[] = []): RollbackImpact {
  return judgeRollback({
    refusal,
    breaking: 'unknown',
    consumers: 'unknown',
    gates: [],
    later: [],
    edits: 0,
    durations: [],
    revisions,
  });
}

/** Why a rollback with this impact is not begun; `undefined` when it may be. Who acknowledges takes a risk, never a block. */
export function refuseRisk(
  { recommendation, reason_codes }: RollbackImpact,
  acknowledged: boolean,
): Refusal | undefined {
  if (recommendation !== 'RISKY' || acknowledged) return undefined;
  const detail = `the rollback is risky (${reason_codes.join(', ')}): set acknowledge_risk to true to go on`;
  const errors = [{ field: 'acknowledge_risk', problem: 'must be true' }];
  return refuse('risk_not_acknowledged', detail, { recommendation, reason_codes, errors });
}

/** The major version of semver, with or without `v`; `undefined` of any other label. */
const majorOf = (version: string): string | undefined => /^v?(\d+)\.\d+\.\d+(?:[-+]|$)/.exec(version)?.[1];

/** What breaks between two versions; unknown where one of them says nothing about it. */
export function breakingBetween(from: string | undefined, to: string): RollbackFacts['breaking'] {
  if (from === undefined) return [];
  const [was, is] = [majorOf(from), majorOf(to)];
  if (was === undefined || is === undefined) return 'unknown';
  return was === is ? [] : [{ from, to, change: 'major_version' }];
}

/** The reason within a refusal says more than its code. */
function blockCode({ refused, data }: Refusal): string {
  const reason = data?.['reason'];
  return refused === 'locked' || typeof reason !== 'string' ? refused : reason;
}

/** The middle and the nine-in-ten of what was measured, rounded up to whole seconds; null of nothing. */
function spread(durations: readonly number[]): RollbackImpact['estimated_downtime_seconds'] {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
  const [median, p90] = [at(0.5), at(0.9)];
  return median === undefined || p90 === undefined
    ? null
    : { median: Math.ceil(median), p90: Math.ceil(p90) };
}
