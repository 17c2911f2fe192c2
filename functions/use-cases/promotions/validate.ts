import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from './act.ts';
import { type Facts, readFactsOf, watching } from './facts.ts';

/**
 * Assesses a promotion again, on the target as it is now. Its source is pinned; `refresh` takes the source as it is now (that of an agent is
 * one deployment, and the same for ever). Refuses what can no longer be planned.
 */
export function validatePromotion(
  deps: ActDeps,
  { principal, id, refresh = false }: Acting & { readonly refresh?: boolean },
): Promise<PromotionState | Refusal> {
  let read: Facts | undefined;
  return act(deps, {
    principal,
    id,
    type: 'assess',
    action: 'validate',
    async prepare(state, now) {
      const found = await readFactsOf(deps, state, now, refresh);
      read = isRefusal(found) ? undefined : found;
      return isRefusal(found) ? found : { type: 'assess', facts: found.facts };
    },
    writes: ({ state }) => (read === undefined ? [] : watching(read, state.id)),
  });
}
