import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';

/** Forgets the time of execution; without one nothing changes. */
export function unschedulePromotion(
  deps: ActDeps,
  { principal, id }: Acting,
): Promise<PromotionState | Refusal> {
  return act(deps, {
    principal,
    id,
    type: 'unschedule',
    action: 'schedule',
    prepare: async () => ({ type: 'unschedule' }),
  });
}
