import { addDuration, unixSeconds } from '../../domain/instant.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import type { Rests } from '../../ports/rests.ts';
import { type DeliverDeps, deliver, type Looked } from './deliver.ts';
import { tellDrift } from './tell-drift.ts';

export type DeliverInTurnDeps = DeliverDeps & { readonly rests: Rests };

/** An attempt that fails sooner than this does not delay other channels. */
const SLOW = 'PT2S';
/** How long a receiver is left alone that failed slowly. */
const REST = 'PT30S';
/** How long others wait for the one that tries it then: an answer takes 10 s at most. */
const TRIAL = 'PT15S';

/**
 * `deliver`, unless the channel's receiver was slow to fail a moment ago: it is left alone then, and after that one message at a time
 * tries it, so that a receiver that hangs does not take all hands from the other channels.
 */
export async function deliverInTurn(
  deps: DeliverInTurnDeps,
  ref: DeliveryRef,
  attempt: { readonly last: boolean },
): Promise<Looked> {
  const began = deps.clock.now();
  const rest = await deps.rests.until(ref);
  // A last attempt is made whatever the receiver did before: given up unheard, it would leave no word behind.
  if (rest !== undefined && !attempt.last) {
    if (began < rest) return resting(began, rest);
    const trial = addDuration(began, TRIAL);
    if (!(await deps.rests.prolong(ref, rest, trial))) return resting(began, trial);
  }
  const { drift } = ref;
  const looked =
    drift === undefined
      ? await deliver(deps, ref, attempt)
      : await tellDrift(deps, { ...ref, drift }, attempt);
  const now = deps.clock.now();
  if (looked.outcome === 'retry' && addDuration(began, SLOW) <= now) {
    await deps.rests.begin(ref, addDuration(now, REST));
  } else if (rest !== undefined) {
    await deps.rests.end(ref);
  }
  return looked;
}

function resting(now: string, until: string): Looked {
  const after_seconds = unixSeconds(until) - unixSeconds(now);
  return { outcome: 'retry', reason: 'its receiver keeps others waiting and is left alone', after_seconds };
}
