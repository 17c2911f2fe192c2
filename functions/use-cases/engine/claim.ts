import type { Principal } from '../../domain/identity/principal.ts';
import { within } from '../../domain/in-environment.ts';
import type { Context } from '../../domain/promotion/commands.ts';
import type { Weakened } from '../../domain/promotion/governor.ts';
import { claim, swap } from '../../domain/promotion/head.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { termsOf } from '../../domain/promotion/verification.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Write } from '../../ports/transaction.ts';
import { approversOf } from '../access/principals.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { makerOf } from '../kinds/makers.ts';
import { kindOf } from '../kinds/registry.ts';
import { ended } from './ended.ts';
import { type Facts, readExecutionFacts, waiting, watching, weakenedFor } from './facts.ts';
import { live } from './outcome.ts';
import { type Attempt, type Change, type CommandDeps, runCommand, step } from './run-command.ts';
import { holdAfter, takenBack } from './taken-back.ts';
import { RACE_LOST } from './until-committed.ts';
import { writeHead } from './write-head.ts';

export type ClaimDeps = CommandDeps & Pick<Deps, 'ids' | 'directory' | 'changes'>;

/**
 * Begins the execution that was asked for: decides again on fresh facts, in the transaction that claims the head and writes the
 * PENDING deployment. Without an effect outside the table there is nothing to wait for, and the same transaction completes. Facts
 * that stand in the way take the promotion back; one that cannot be planned any more fails, with the target unchanged. A promotion
 * that runs already, is closed, or was not asked to execute is answered as it is. `claimed`: this very call claimed the head.
 */
export async function startExecution(
  deps: ClaimDeps,
  ref: PromotionRef,
): Promise<{ readonly state: PromotionState; readonly claimed: boolean } | Refusal> {
  const given = new Set<string>();
  const state = await claimHead(deps, ref, given);
  if (isRefusal(state)) return state;
  return { state, claimed: state.status === 'executing' && given.has(state.deployment_id) };
}

/** `given` collects the deployment ids that this call allocates: the claim that stands is its own when it names one of them. */
function claimHead(
  deps: ClaimDeps,
  ref: PromotionRef,
  given: Set<string>,
): Promise<PromotionState | Refusal> {
  const attempt: Attempt = async ({ state }, now, environments) => {
    if (state.status !== 'approved' || state.execution_requested === undefined) return undefined;
    const context = { now, actor: state.execution_requested };
    let approvers: readonly Principal[] = [];
    let weakened: readonly Weakened[] = [];
    let hold: readonly Write[] = [];
    // After the guard: who loses the right to approve, and who weakens, raises it, so that the claim loses and reads both again.
    const people = async () => {
      [approvers, weakened, hold] = await Promise.all([
        approversOf(deps, state),
        weakenedFor(deps, state),
        holdAfter(deps, state),
      ]);
    };
    const read = await readExecutionFacts(deps, state, now, people, environments);
    if (isRefusal(read)) return step(state, unplannable(read), context);
    const deployment_id = deps.ids.next('dep');
    given.add(deployment_id);
    const { facts } = read;
    const verifies = termsOf(read.planned.target);
    const command = {
      ...({ type: 'start_execution', deployment_id, facts, approvers, weakened } as const),
      ...(verifies === undefined ? {} : { verifies }),
    };
    const change = step(state, command, context);
    if (change === undefined) return undefined;
    // The head moved between two reads of it: read both again.
    if (isRefusal(change)) return change.refused === 'target_moved' ? RACE_LOST : change;
    const beside = watching(read, state.id);
    if (change.state.status !== 'executing') {
      const { lock, freeze } = read.facts;
      const stopped = change.state.status === 'blocked' && (lock ?? freeze) !== undefined;
      return { ...change, writes: stopped ? [...beside, ...waiting(change.state, read.guard)] : beside };
    }
    const done = await claimed(deps, change, read, context);
    if (done === undefined || done === RACE_LOST || isRefusal(done)) return done;
    const settled = done.state.status === 'completed' ? hold : [];
    return { ...done, writes: [...done.writes, ...settled, ...beside] };
  };
  return runCommand(deps, ref, 'step', attempt, 'environments');
}

/** The claim, and where nothing happens outside the table the completion too. */
async function claimed(
  deps: KindDeps,
  change: Change,
  { planned, guard }: Pick<Facts, 'planned' | 'guard'>,
  context: Context,
): Promise<Change | Refusal | typeof RACE_LOST | undefined> {
  const { state, events } = change;
  if (state.status !== 'executing') return change;
  const { now, actor } = context;
  const { head, outside } = planned;
  const record = kindOf(state.request).record(state, actor);
  const pending = record && { ...record, ...within(planned.target) };
  const writes: Write[] = [{ write: 'check_guard', environment: guard.name, guard: guard.guard }];
  if (outside) {
    if (pending !== undefined) {
      const asked = { ...pending, attempts: { begun: 1, unsent: 0 } };
      writes.push({ write: 'deployment', deployment: asked, expected: 0 });
    }
    writes.push(writeHead(head, claim(head, state.id, now)));
    return { state, events, writes };
  }
  const [undone, off] = await Promise.all([
    takenBack(deps, state, planned.undoes?.promotions ?? [], context),
    ended(deps, state, head, now),
  ]);
  if (undone === RACE_LOST) return RACE_LOST;
  const digest = await makerOf(state.request)(deps, state, planned);
  const cause = { by: 'execute', promotion_id: state.id } as const;
  const recorded =
    pending === undefined ? {} : { deployment_id: pending.id, version_label: pending.version_label };
  const changes = planned.plan.tree === undefined ? {} : { changes: planned.plan.tree.summary };
  const received = planned.received === undefined ? {} : { received: planned.received };
  const swapped = swap(head, { digest, cause, actor, ...recorded, ...changes, ...received, now });
  const done = step(state, { type: 'complete', revision: swapped.revision.number }, context);
  if (done === undefined || isRefusal(done)) return done;
  if (pending !== undefined)
    writes.push({ write: 'deployment', deployment: { ...live(pending, now), version: 1 }, expected: 0 });
  writes.push(writeHead(head, swapped.head));
  writes.push({ write: 'revision', revision: swapped.revision });
  writes.push(...undone, ...off);
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
