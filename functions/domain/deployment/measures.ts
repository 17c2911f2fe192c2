import { countOf, type Distribution, percentile } from './distribution.ts';
import type { Tally } from './tally.ts';

/** What each measure means, in the words that its answer carries. */
export const DEFINITIONS = {
  deployments:
    'Deployments that began in the interval and whose outcome is known: DEPLOYED, FAILED or ROLLED_BACK. Days are in UTC.',
  rollback_rate: 'ROLLED_BACK deployments divided by deployments.',
  duration:
    'From deployedAt to completedAt, of the deployments that Sluice executed or whose reporter said when they ended.',
  deployment_frequency: 'Deployments per day of the interval, days without any included.',
  change_lead_time:
    'From the first commit that no deployment of the subject that served in the environment then had shipped (one that served more than an hour before the commit was made has not) to liveAt, or to completedAt where that alone was given. Unknown where a deployment that served names no such commit, or was recorded with its beginning alone.',
  failed_deployment_recovery_time:
    'From when a deployment failed (failedAt, else endedAt, else completedAt) to when the next other deployment of the subject began to serve in the environment: one recovery for each failure, counted on the day of the deployment that ended it. Left out where either is not known.',
  change_fail_rate:
    'FAILED and ROLLED_BACK deployments divided by deployments; a promotion fails at most once.',
  deployment_rework_rate:
    'Deployments with unplanned: true divided by those that say whether they were planned. Unknown are those that do not say.',
  percentiles:
    'Interpolated (PERCENTILE_CONT), in seconds; lengths are counted to the second below an hour, to the minute below a week, to the hour beyond.',
} as const;

/** Upper bounds, in seconds, of the parts of a distribution that are shown: a minute to a day; `null` is beyond. */
const BOUNDS = [60, 300, 900, 3_600, 14_400, 86_400] as const;

export type Lengths = {
  readonly count: number;
  readonly median_seconds: number | null;
  readonly p90_seconds: number | null;
  readonly distribution: readonly { readonly up_to_seconds: number | null; readonly count: number }[];
};

/** The measures of a tally over so many days. Rates are shares from 0 to 1, `null` of nothing. */
export type Measures = {
  readonly deployments: number;
  readonly deployed: number;
  readonly failed: number;
  readonly rolled_back: number;
  readonly rollback_rate: number | null;
  readonly duration: Lengths;
  readonly deployment_frequency: { readonly count: number; readonly days: number; readonly per_day: number };
  readonly change_lead_time: Lengths & { readonly unknown: number };
  readonly failed_deployment_recovery_time: Lengths;
  readonly change_fail_rate: {
    readonly failures: number;
    readonly deployments: number;
    readonly rate: number | null;
  };
  readonly deployment_rework_rate: {
    readonly unplanned: number;
    readonly known: number;
    readonly unknown: number;
    readonly rate: number | null;
  };
};

export function measuresOf(tally: Tally, days: number): Measures {
  const { deployed, failed, rolled_back, unplanned, planned } = tally;
  const deployments = deployed + failed + rolled_back;
  const known = unplanned + planned;
  return {
    deployments,
    deployed,
    failed,
    rolled_back,
    rollback_rate: share(rolled_back, deployments),
    duration: lengths(tally.duration),
    deployment_frequency: { count: deployments, days, per_day: deployments / days },
    change_lead_time: { ...lengths(tally.lead), unknown: tally.lead_unknown },
    failed_deployment_recovery_time: lengths(tally.recovery),
    change_fail_rate: {
      failures: failed + rolled_back,
      deployments,
      rate: share(failed + rolled_back, deployments),
    },
    deployment_rework_rate: {
      unplanned,
      known,
      unknown: deployments - known,
      rate: share(unplanned, known),
    },
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function lengths(distribution: Distribution): Lengths {
  const within = (low: number, high: number) =>
    countOf(distribution.filter(([seconds]) => seconds > low && seconds <= high));
  const bounded = BOUNDS.map((up_to_seconds, at) => ({
    up_to_seconds,
    count: within(BOUNDS[at - 1] ?? -1, up_to_seconds),
  }));
  const beyond = { up_to_seconds: null, count: within(BOUNDS.at(-1) ?? 0, Number.POSITIVE_INFINITY) };
  return {
    count: countOf(distribution),
    median_seconds: percentile(distribution, 0.5),
    p90_seconds: percentile(distribution, 0.9),
    distribution: [...bounded, beyond],
  };
}
