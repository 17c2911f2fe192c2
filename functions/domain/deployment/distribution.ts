/** How often each length of time occurred: `[seconds, times]`, shortest first. */
export type Distribution = readonly (readonly [seconds: number, times: number])[];

const HOUR = 3_600;
const WEEK = 7 * 24 * HOUR;

/**
 * A length of time as it is counted: to the second below an hour, to the minute below a week, to the hour beyond, so that a day
 * of any number of deployments stays one small item.
 */
export function rounded(seconds: number): number {
  const step = seconds < HOUR ? 1 : seconds < WEEK ? 60 : HOUR;
  return Math.round(seconds / step) * step;
}

/** The distribution with one length more, or with `times` -1 less. */
export function withLength(distribution: Distribution, seconds: number, times: 1 | -1): Distribution {
  return merged([distribution, [[rounded(seconds), times]]]);
}

/** Several distributions as one. */
export function merged(distributions: readonly Distribution[]): Distribution {
  const all = new Map<number, number>();
  for (const [seconds, times] of distributions.flat()) all.set(seconds, (all.get(seconds) ?? 0) + times);
  return [...all].filter(([, times]) => times !== 0).sort(([a], [b]) => a - b);
}

export function countOf(distribution: Distribution): number {
  return distribution.reduce((sum, [, times]) => sum + times, 0);
}

/**
 * The percentile of a share (0 to 1), interpolated between the two nearest ranks as SQL's `PERCENTILE_CONT` is: the median of an even
 * number is the mean of the middle two. `null` of nothing.
 */
export function percentile(distribution: Distribution, share: number): number | null {
  const count = countOf(distribution);
  if (count === 0) return null;
  const rank = share * (count - 1);
  const low = at(distribution, Math.floor(rank));
  const high = at(distribution, Math.ceil(rank));
  return low + (high - low) * (rank - Math.floor(rank));
}

function at(distribution: Distribution, index: number): number {
  let passed = 0;
  for (const [seconds, times] of distribution) {
    passed += times;
    if (index < passed) return seconds;
  }
  throw new RangeError(`no rank ${index} of ${passed}`);
}
