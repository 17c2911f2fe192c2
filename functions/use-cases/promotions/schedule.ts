import type { PromotionState, Schedule } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';

/** Sets or moves the time of execution, also before approval. Without `on_missed` it stays as it was, `execute` at first. Refuses a time that cannot be. */
export function schedulePromotion(
  deps: ActDeps,
  {
    principal,
    id,
    at,
    on_missed,
  }: Acting & { readonly at: string; readonly on_missed?: Schedule['on_missed'] },
): Promise<PromotionState | Refusal> {
  return act(deps, {
    principal,
    id,
    type: 'schedule',
    action: 'schedule',
    prepare: async () => ({ type: 'schedule', at, ...(on_missed === undefined ? {} : { on_missed }) }),
  });
}
