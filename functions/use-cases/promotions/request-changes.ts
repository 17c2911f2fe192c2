import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { ownRequest } from './approve.ts';

/** Gives a promotion back to its requester: not yet. Refuses as `rejectPromotion` does, and `invalid_transition`. */
export function requestChanges(
  deps: ActDeps,
  { reason, ...acting }: Acting & { readonly reason: string },
): Promise<PromotionState | Refusal> {
  return act(deps, {
    ...acting,
    type: 'request_changes',
    action: 'request_changes',
    before: async (state) => ownRequest(state, acting.principal),
    prepare: async () => ({ type: 'request_changes', reason }),
  });
}
