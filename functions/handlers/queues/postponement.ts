/** Seconds before the second attempt at most; doubled for each further one up to `LONGEST`. */
const FIRST = 2;
/** Among the 50 attempts of a queue some 39 wait half of this on average: a receiver may be away for most of a day. */
const LONGEST = 3_600;

/**
 * Whole seconds until the attempt after `attempt` (from 1): full jitter, so that what failed together does not come back
 * together; never less than one second. `random` is from 0 up to 1.
 */
export function postponement(attempt: number, random: number): number {
  return 1 + Math.floor(random * Math.min(LONGEST, FIRST * 2 ** Math.min(attempt - 1, 30)));
}
