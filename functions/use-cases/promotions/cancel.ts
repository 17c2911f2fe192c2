import { type Actor, actorOf } from '../../domain/identity/principal.ts';
import type { Action } from '../../domain/identity/roles.ts';
import { samePerson } from '../../domain/identity/same-person.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';

/** Cancels a promotion before its head is claimed. */
export function cancelPromotion(
  deps: ActDeps,
  { principal, id, reason }: Acting & { readonly reason?: string },
): Promise<PromotionState | Refusal> {
  const actor = actorOf(principal);
  return act(deps, {
    principal,
    id,
    type: 'cancel',
    action: (state) => cancelling(state, actor),
    prepare: async () => ({ type: 'cancel', ...(reason === undefined ? {} : { reason }) }),
  });
}

/** What cancelling a promotion takes: of one's own less than of another's. */
export function cancelling({ requester }: Pick<PromotionState, 'requester'>, actor: Actor): Action {
  return samePerson(requester, actor) ? 'cancel_own' : 'cancel';
}
