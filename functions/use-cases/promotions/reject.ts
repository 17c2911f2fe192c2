import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { ownRequest } from './approve.ts';

/**
 * A person's no: closes the promotion, and holds automatic promotion of the subject there until what a person promotes of it is there.
 * Refuses `not_found`, `already_decided`, `separation_of_duties`, `not_authorized`, `expired`.
 */
export function rejectPromotion(
  deps: ActDeps,
  { reason, ...acting }: Acting & { readonly reason: string },
): Promise<PromotionState | Refusal> {
  return act(deps, {
    ...acting,
    type: 'reject',
    action: 'reject',
    before: async (state) => ownRequest(state, acting.principal),
    prepare: async () => ({ type: 'reject', reason }),
    writes: ({ state }) =>
      state.status === 'rejected' && state.closed_by === 'person'
        ? [
            {
              write: 'hold',
              subject: state.subject,
              target: state.target_environment,
              held: true,
              rejected: true,
            },
          ]
        : [],
  });
}
