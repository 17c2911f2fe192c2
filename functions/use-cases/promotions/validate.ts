import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from './act.ts';
import { readFactsOf } from './facts.ts';

/**
 * Assesses a promotion again. Its source is pinned by the request, so `refresh` and plain validation plan alike: the same source
 * on the target as it is now. Refuses what can no longer be planned.
 */
export function validatePromotion(
  deps: ActDeps,
  { principal, id }: Acting & { readonly refresh?: boolean },
): Promise<PromotionState | Refusal> {
  return act(deps, {
    principal,
    id,
    type: 'assess',
    action: 'validate',
    async prepare(state, now) {
      const read = await readFactsOf(deps, state, now);
      return isRefusal(read) ? read : { type: 'assess', facts: read.facts };
    },
  });
}
