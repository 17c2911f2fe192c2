import { Fault } from '../../domain/faults.ts';
import { addDuration } from '../../domain/instant.ts';
import type { Deps } from '../deps.ts';

/** A write conflict: reread and retry. */
export const RACE_LOST = 'lost';

/** Milliseconds before the second attempt at most; doubled for each further one up to `longest`. Full jitter. */
export type Pace = { readonly first: number; readonly longest: number };
/** Wide enough that of twenty who decide on one promotion at once half try three times at most, and short enough to go unnoticed. */
const PACE: Pace = { first: 250, longest: 1_000 };
/** How long a caller of the API is kept. */
const DEADLINE = 'PT20S';

/** Runs an attempt until its commit is not lost. Throws `Unavailable` when that takes longer than 20 s. */
export async function untilCommitted<T extends object>(
  deps: Pick<Deps, 'clock' | 'random' | 'sleep'>,
  attempt: () => Promise<T | typeof RACE_LOST>,
  { first, longest }: Pace = PACE,
): Promise<T> {
  const deadline = addDuration(deps.clock.now(), DEADLINE);
  for (let tries = 0; ; tries += 1) {
    const answer = await attempt();
    if (answer !== RACE_LOST) return answer;
    if (deps.clock.now() >= deadline)
      throw new Fault('Unavailable', 'too many others write the same thing now');
    await deps.sleep(deps.random() * Math.min(longest, first * 2 ** tries));
  }
}
