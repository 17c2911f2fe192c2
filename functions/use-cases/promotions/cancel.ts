import { actorOf } from '../../domain/identity/principal.ts';
import { samePerson } from '../../domain/identity/same-person.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';

/** Takes a promotion back before its head is claimed; one's own takes less of a role than another's. */
export function cancelPromotion(
  deps: ActDeps,
  { principal, id, reason }: Acting & { readonly reason?: string },
): Promise<PromotionState | Refusal> {
  const actor = actorOf(principal);
  return act(deps, {
    principal,
    id,
    type: 'cancel',
    action: ({ requester }) => (samePerson(requester, actor) ? 'cancel_own' : 'cancel'),
    prepare: async () => ({ type: 'cancel', ...(reason === undefined ? {} : { reason }) }),
  });
}
