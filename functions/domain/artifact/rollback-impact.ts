import type { GateResult } from '../gates/gate.ts';
import type { Recommendation } from '../promotion/rollback.ts';
import { type Refusal, refuse } from '../refusal.ts';

/** A consumer of the artifact in the environment, and whether its constraint takes the version that is gone back to. */
export type PinnedConsumer = {
  readonly id: string;
  readonly name: string;
  readonly constraint: string;
  readonly satisfied: boolean;
};

/** What is known of a rollback of an artifact or an agent, all of it read. */
export type ArtifactRollbackFacts = {
  /** Why it cannot be, when it cannot. */
  readonly refusal?: Refusal;
  /** Semver without `v`, an agent's label or else its digest; absent where nothing is active. */
  readonly from?: string;
  readonly to: string;
  /** `unknown` for agents: nobody declares what calls them. */
  readonly consumers: readonly PinnedConsumer[] | 'unknown';
  /** What today's gates of the environment would say of the version, were it promoted there now. */
  readonly gates: readonly GateResult[];
  /** Completed promotions that it takes back, oldest first, and versions that came there otherwise. */
  readonly undone: readonly string[];
  readonly edits: number;
  /** How long past executions of the artifact there took, in seconds. */
  readonly durations: readonly number[];
};

/** What a rollback of an artifact would do, and whether to. `null`: unknown. */
export type ArtifactRollbackImpact = {
  readonly recommendation: Recommendation;
  /** Sorted. */
  readonly reason_codes: readonly string[];
  readonly from_version: string | null;
  readonly to_version: string;
  readonly affected_consumers: readonly PinnedConsumer[] | null;
  readonly breaking_changes:
    | readonly {
        readonly from: string;
        readonly to: string;
        readonly change: 'major_version';
      }[]
    | null;
  readonly policy_compatibility: readonly Pick<GateResult, 'name' | 'mode' | 'status' | 'reason_code'>[];
  readonly later_promotions_undone: readonly string[];
  readonly later_edits_undone: number;
  readonly estimated_downtime_seconds: { readonly median: number; readonly p90: number } | null;
};

/**
 * Judges a rollback: BLOCKED when it is refused; RISKY when a consumer's constraint does not take the version, when the major version
 * changes (semver 2.0.0, section 8) or either is unknown, when the version would not pass today's gates, when more than one promotion is taken back, or when
 * nothing is known of how long it takes; else SAFE.
 */
export function judgeArtifactRollback(facts: ArtifactRollbackFacts): ArtifactRollbackImpact {
  const { refusal, from, to, consumers, gates, undone, edits } = facts;
  const breaking = breakingBetween(from, to);
  const later = undone.slice(1);
  const downtime = spread(facts.durations);
  const known = {
    from_version: from ?? null,
    to_version: to,
    affected_consumers: consumers === 'unknown' ? null : consumers,
    breaking_changes: breaking,
    policy_compatibility: gates.map(({ name, mode, status, reason_code }) => ({
      name,
      mode,
      status,
      reason_code,
    })),
    later_promotions_undone: later,
    later_edits_undone: edits,
    estimated_downtime_seconds: downtime,
  };
  if (refusal !== undefined) {
    return { recommendation: 'BLOCKED', reason_codes: [refusal.refused], ...known };
  }
  const failing = gates.filter(
    ({ mode, status }) => mode === 'block' && status !== 'PASSED' && status !== 'SKIPPED',
  );
  const risks = [
    ...(consumers === 'unknown' ? ['consumers_unknown'] : []),
    ...(consumers !== 'unknown' && consumers.some(({ satisfied }) => !satisfied)
      ? ['consumers_unsatisfied']
      : []),
    ...(breaking === null ? ['breaking_changes_unknown'] : []),
    ...(breaking !== null && breaking.length > 0 ? ['breaking_changes'] : []),
    ...(failing.length > 0 ? ['policy_incompatible'] : []),
    // Every environment has a gate at least: none means that nobody could ask them.
    ...(gates.length === 0 ? ['policy_unknown'] : []),
    ...(later.length > 0 ? ['later_promotions_undone'] : []),
    ...(edits > 0 ? ['later_edits_undone'] : []),
    ...(downtime === null ? ['downtime_unknown'] : []),
  ];
  return { recommendation: risks.length === 0 ? 'SAFE' : 'RISKY', reason_codes: risks.sort(), ...known };
}

/** Why a rollback with this impact is not begun; `undefined` when it may be. Who acknowledges takes a risk, never a block. */
export function refuseArtifactRisk(
  { recommendation, reason_codes }: ArtifactRollbackImpact,
  acknowledged: boolean,
): Refusal | undefined {
  if (recommendation !== 'RISKY' || acknowledged) return undefined;
  const detail = `the rollback is risky (${reason_codes.join(', ')}): set acknowledge_risk to true to go on`;
  const errors = [{ field: 'acknowledge_risk', problem: 'must be true' }];
  return refuse('risk_not_acknowledged', detail, { recommendation, reason_codes, errors });
}

/** The major version of semver, with or without `v`; `undefined` of any other label. */
const majorOf = (version: string): string | undefined => /^v?(\d+)\.\d+\.\d+(?:[-+]|$)/.exec(version)?.[1];

/** What breaks between two versions; `null` where one of them says nothing about it. */
function breakingBetween(from: string | undefined, to: string): ArtifactRollbackImpact['breaking_changes'] {
  if (from === undefined) return [];
  const [was, is] = [majorOf(from), majorOf(to)];
  if (was === undefined || is === undefined) return null;
  return was === is ? [] : [{ from, to, change: 'major_version' }];
}

/** The middle and the nine-in-ten of what was measured, rounded up to whole seconds; null of nothing. */
function spread(durations: readonly number[]): ArtifactRollbackImpact['estimated_downtime_seconds'] {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
  const [median, p90] = [at(0.5), at(0.9)];
  return median === undefined || p90 === undefined
    ? null
    : { median: Math.ceil(median), p90: Math.ceil(p90) };
}
