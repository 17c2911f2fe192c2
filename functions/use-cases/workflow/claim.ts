import { SYSTEM } from '../../domain/identity/principal.ts';
import { claim, swap } from '../../domain/promotion/head.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Write } from '../../ports/transaction.ts';
import { LOST } from '../deployments/until-committed.ts';
import type { Deps } from '../deps.ts';
import { kindOf } from '../kinds/registry.ts';
import { type Facts, readExecutionFacts } from '../promotions/facts.ts';
import { live } from '../promotions/outcome.ts';
import { type Change, type CommandDeps, runCommand, step } from '../promotions/run-command.ts';

export type ClaimDeps = CommandDeps & Pick<Deps, 'ids'>;

/**
 * Begins the execution that was asked for: decides again on fresh facts, in the transaction that claims the head and writes the
 * PENDING deployment. Without an effect outside the table there is nothing to wait for, and the same transaction completes. Facts
 * that stand in the way take the promotion back; one that cannot be planned any more fails, with the target unchanged. A promotion
 * that runs already, is closed, or was not asked to execute is answered as it is.
 */
export function startExecution(deps: ClaimDeps, ref: PromotionRef): Promise<PromotionState | Refusal> {
  return runCommand(deps, ref, 'step', async ({ state }, now) => {
    if (state.status !== 'approved' || state.execution_requested === undefined) return undefined;
    const context = { now, actor: state.execution_requested ?? SYSTEM };
    const read = await readExecutionFacts(deps, state, now);
    if (isRefusal(read)) return step(state, unplannable(read), context);
    const deployment_id = deps.ids.next('dep');
    const change = step(state, { type: 'start_execution', deployment_id, facts: read.facts }, context);
    if (change === undefined) return undefined;
    // The head moved between two reads of it: read both again.
    if (isRefusal(change)) return change.refused === 'target_moved' ? LOST : change;
    return change.state.status === 'executing' ? claimed(change, read, context) : change;
  });
}

/** The claim, and where nothing happens outside the table the completion too. */
function claimed(
  change: Change,
  { planned, guard }: Pick<Facts, 'planned' | 'guard'>,
  context: { readonly now: string; readonly actor: PromotionState['requester'] },
): Change | Refusal | undefined {
  const { state, events } = change;
  if (state.status !== 'executing') return change;
  const { now, actor } = context;
  const { head, outside } = planned;
  const pending = kindOf(state.request).record(state, actor);
  const writes: Write[] = [{ write: 'check_guard', environment: guard.name, guard: guard.guard }];
  if (outside) {
    writes.push({ write: 'deployment', deployment: pending, expected: 0 });
    writes.push({ write: 'head', head: claim(head, state.id, now), expected: head.version });
    return { state, events, writes };
  }
  const { digest } = planned.plan.source;
  const cause = { by: 'execute', promotion_id: state.id } as const;
  const { deployment_id } = state;
  const swapped = swap(head, { digest, cause, actor, deployment_id, now });
  const done = step(state, { type: 'complete', revision: swapped.revision.number }, context);
  if (done === undefined || isRefusal(done)) return done;
  writes.push({ write: 'deployment', deployment: { ...live(pending, now), version: 1 }, expected: 0 });
  writes.push({ write: 'head', head: swapped.head, expected: head.version });
  writes.push({ write: 'revision', revision: swapped.revision });
  return { state: done.state, events: [...events, ...done.events], writes };
}

function unplannable({ refused, detail }: Refusal) {
  return {
    type: 'fail',
    code: refused,
    message: `It cannot be executed any more: ${detail}.`,
    technical: 'planning was refused before anything was claimed',
    target_state: 'unchanged',
  } as const;
}
