import type { Environment } from '../../domain/catalog/environment.ts';
import { actorOf } from '../../domain/identity/principal.ts';
import type { Command } from '../../domain/promotion/commands.ts';
import type { Weakened } from '../../domain/promotion/governor.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { LateReads } from '../../ports/late-reads.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { readExecutionFacts, weakenedFor } from '../engine/facts.ts';
import { step } from '../engine/run-command.ts';

/**
 * Asks for the execution of an approved promotion: commits the intent and wakes its workflow. Asking again, or when it runs or is
 * completed, changes nothing. Refuses what is plain at once: `invalid_transition`, `locked`, `frozen`, `target_moved`. The intent rests on
 * nothing that is read beside the promotion, since the workflow decides anew on all of it: it is read a moment late, and strongly before
 * anything is refused.
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
      const asked = async (from: ActDeps, pipeline?: readonly Environment[]): Promise<Command | Refusal> => {
        let weakened: readonly Weakened[] = [];
        const governed = async () => {
          weakened = await weakenedFor(from, state);
        };
        const read = await readExecutionFacts(from, state, now, governed, pipeline);
        if (isRefusal(read)) return read;
        outside = read.planned.outside;
        return { type: 'request_execution', facts: read.facts, weakened };
      };
      const { late } = deps;
      if (late === undefined) return await asked(deps, environments);
      const early = await asked(lately(deps, late), environments);
      const decided = isRefusal(early) ? early : step(state, early, { now, actor: actorOf(principal) });
      return decided !== undefined && isRefusal(decided) ? await asked(deps) : early;
    },
    outside: () => outside,
  });
}

/** What an execution is judged by, read a moment late. */
function lately(deps: ActDeps, { catalog, heads, directory, deployments, changes }: LateReads): ActDeps {
  return {
    ...deps,
    ...{ catalog, heads, directory },
    deployments: { ...deps.deployments, read: deployments.read },
    changes: { ...deps.changes, weakened: changes.weakened },
  };
}
