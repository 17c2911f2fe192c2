import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { type Facts, readFactsOf, watching } from '../engine/facts.ts';

/** Puts a promotion forward again after changes were requested, or its target moved. Refuses `invalid_transition` otherwise. */
export function resubmitPromotion(
  deps: ActDeps,
  { principal, id }: Acting,
): Promise<PromotionState | Refusal> {
  let read: Facts | undefined;
  return act(deps, {
    principal,
    id,
    type: 'resubmit',
    action: 'resubmit',
    async prepare(state, now) {
      const found = await readFactsOf(deps, state, now);
      read = isRefusal(found) ? undefined : found;
      return isRefusal(found) ? found : { type: 'resubmit', facts: found.facts };
    },
    writes: ({ state }) => (read === undefined ? [] : watching(read, state.id)),
  });
}
