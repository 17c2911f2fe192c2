import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from './act.ts';
import { readFactsOf } from './facts.ts';

/** Puts a promotion forward again after changes were requested, or its target moved. Refuses `invalid_transition` otherwise. */
export function resubmitPromotion(
  deps: ActDeps,
  { principal, id }: Acting,
): Promise<PromotionState | Refusal> {
  return act(deps, {
    principal,
    id,
    type: 'resubmit',
    action: 'resubmit',
    async prepare(state, now) {
      const read = await readFactsOf(deps, state, now);
      return isRefusal(read) ? read : { type: 'resubmit', facts: read.facts };
    },
  });
}
