import type { Weakened } from '../../domain/promotion/governor.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { readExecutionFacts, weakenedFor } from '../engine/facts.ts';

/**
 * Asks for the execution of an approved promotion: commits the intent and wakes its workflow. Asking again, or when it runs or is
 * completed, changes nothing. Refuses what is plain at once: `invalid_transition`, `locked`, `frozen`, `target_moved`.
 */
export function executePromotion(
  deps: ActDeps,
  { principal, id }: Acting,
): Promise<PromotionState | Refusal> {
  let outside: boolean | undefined;
  return act(deps, {
    principal,
    id,
    type: 'request_execution',
    action: 'execute',
    done: 'completed',
    beside: 'environments',
    async prepare(state, now, environments) {
      let weakened: readonly Weakened[] = [];
      const governed = async () => {
        weakened = await weakenedFor(deps, state);
      };
      const read = await readExecutionFacts(deps, state, now, governed, environments);
      if (isRefusal(read)) return read;
      outside = read.planned.outside;
      return { type: 'request_execution', facts: read.facts, weakened };
    },
    outside: () => outside,
  });
}
