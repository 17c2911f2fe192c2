import { addDuration, unixSeconds } from '../../domain/instant.ts';
import type { BackoffWindows } from '../../ports/backoff-windows.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import { type DeliverDeps, deliver, type Looked } from './deliver.ts';
import { tellDrift } from './tell-drift.ts';

export type DeliverWithBackoffDeps = DeliverDeps & { readonly backoff: BackoffWindows };

/** An attempt that fails sooner than this does not delay other channels. */
const SLOW = 'PT2S';
/** How long a receiver is left alone that failed slowly. */
const BACKOFF = 'PT30S';
/** How long others wait for the one that tries it then: an answer takes 10 s at most. */
const TRIAL = 'PT15S';

/**
 * `deliver`, unless the channel's receiver was slow to fail a moment ago: it is left alone then, and after that one message at a time
 * tries it, so that a receiver that hangs does not take all hands from the other channels.
 */
export async function deliverWithBackoff(
  deps: DeliverWithBackoffDeps,
  ref: DeliveryRef,
  attempt: { readonly last: boolean },
): Promise<Looked> {
  const began = deps.clock.now();
  const window = await deps.backoff.until(ref);
  // A last attempt is made whatever the receiver did before: given up unheard, it would leave no word behind.
  if (window !== undefined && !attempt.last) {
    if (began < window) return resting(began, window);
    const trial = addDuration(began, TRIAL);
    if (!(await deps.backoff.prolong(ref, window, trial))) return resting(began, trial);
  }
  const { drift } = ref;
  const looked =
    drift === undefined
      ? await deliver(deps, ref, attempt)
      : await tellDrift(deps, { ...ref, drift }, attempt);
  const now = deps.clock.now();
  if (looked.outcome === 'retry' && addDuration(began, SLOW) <= now) {
    await deps.backoff.begin(ref, addDuration(now, BACKOFF));
  } else if (window !== undefined) {
    await deps.backoff.end(ref);
  }
  return looked;
}

function resting(now: string, until: string): Looked {
  const after_seconds = unixSeconds(until) - unixSeconds(now);
  return { outcome: 'retry', reason: 'its receiver keeps others waiting and is left alone', after_seconds };
}
