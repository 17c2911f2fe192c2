import { Fault } from '../../domain/faults.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import { isClosed } from '../../domain/promotion/lifetime.ts';
import { nextStep, timerAt } from '../../domain/promotion/next.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { PromotionRef, StoredPromotion, TaskToken } from '../../ports/promotion-store.ts';
import type { Work } from '../../ports/transaction.ts';
import type { Next } from '../../ports/workflow.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { announcements } from './announce.ts';
import type { By } from './intent.ts';

export type DispatchDeps = KindDeps &
  Pick<Deps, 'promotions' | 'workflowRecords' | 'tokens' | 'workflow' | 'bus' | 'scheduler'>;

/**
 * Does what a promotion's commits left as intent, and clears it last. Idempotent, even when concurrent.
 * Throws `Unavailable` and `Throttled`; the intent then stays for the sweep.
 */
export async function dispatchOutbox(deps: DispatchDeps, ref: PromotionRef): Promise<void> {
  const stored = await deps.promotions.read(ref.tenant, ref.id);
  if (stored !== undefined && stored.workflowRecord.work.length > 0) await doWork(deps, stored);
}

/**
 * What a commit's maker knows already: the token it read before, and whether executing has an effect outside, which waking asks; and who
 * it is.
 */
export type Known = {
  readonly token?: TaskToken | undefined;
  readonly outside?: boolean | undefined;
  readonly by?: By;
};

/**
 * Right after a commit: does its intent. Never throws a fault: what is not done now is done by the sweep. A caller does not wait until an
 * intent is cleared that only announces: the sweep announces it once more, and clears it.
 */
export async function afterCommit(
  deps: DispatchDeps,
  stored: StoredPromotion,
  events: readonly StoredEvent[],
  known: Known = {},
): Promise<void> {
  const { state, workflowRecord } = stored;
  try {
    if (state.status === 'executing') return;
    const announces = workflowRecord.work.every((work) => work === 'publish') && !isClosed(state);
    if (known.by === 'caller' && announces) await deps.bus.publish(announcements(state, events));
    else await doWork(deps, stored, events, known);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
  }
}

/**
 * An intent to execute is done when the head is claimed, not when the execution was woken: until then it stands, so that a lost
 * execution is replaced, and what was to be announced goes out with the outcome.
 */
async function doWork(
  deps: DispatchDeps,
  stored: StoredPromotion,
  recent: readonly StoredEvent[] = [],
  known: Known = {},
): Promise<void> {
  const { state, workflowRecord } = stored;
  const underWay = state.status === 'approved' && state.execution_requested !== undefined;
  const now = workflowRecord.work.filter((work) => work !== 'publish' || !underWay);
  const done = await allOf(now.map((work) => doOne(deps, stored, work, recent, known)));
  if (underWay || done.includes(false)) return;
  const cleared = await deps.workflowRecords.clearWork(refOf(state), state.seq, state.seq);
  if (!cleared && workflowRecord.work.includes('schedule')) await setTimerAgain(deps, stored);
}

/** Waits for each, also where one fails: no call goes on behind the answer of a function. */
async function allOf<T>(works: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

async function doOne(
  deps: DispatchDeps,
  stored: StoredPromotion,
  work: Work,
  recent: readonly StoredEvent[],
  known: Known,
): Promise<boolean> {
  const { state, workflowRecord } = stored;
  switch (work) {
    case 'start':
      if (!isClosed(state)) await ensureRunning(deps, refOf(state), workflowRecord.attempt);
      return true;
    case 'wake':
      return await wake(deps, stored, known);
    case 'publish': {
      const known = recent[0]?.seq === workflowRecord.published + 1 && recent.at(-1)?.seq === state.seq;
      const events = known
        ? recent
        : await deps.promotions.events(state.tenant, state.id, workflowRecord.published);
      await deps.bus.publish(announcements(state, events));
      return true;
    }
    case 'schedule':
      await setTimer(deps, state);
      return true;
    default:
      return unreachable(work);
  }
}

async function setTimer(deps: Pick<Deps, 'scheduler'>, state: PromotionState): Promise<void> {
  const at = timerAt(state);
  await (at === undefined ? deps.scheduler.remove(refOf(state)) : deps.scheduler.put(refOf(state), at));
}

/** Somebody moved the time meanwhile, and their timer may have been set before this one, which then stands for the older time. */
async function setTimerAgain(deps: DispatchDeps, { state: before }: StoredPromotion): Promise<void> {
  const now = await deps.promotions.read(before.tenant, before.id);
  if (now !== undefined && timerAt(now.state) !== timerAt(before)) await setTimer(deps, now.state);
}

/**
 * Wakes the execution that waits, when there is something for it to do. The token is read after the commit: an execution that
 * stores one later reads the state after that, and sees the commit itself. A token that nobody waits for any more was either
 * used already, and its execution is on its way, or its execution is over, and another attempt begins. Answers whether that was
 * heard: an execution about to wait answers itself for everything but another assessment. A token that was read before the commit is
 * tried first: whoever waits with it is woken, and when nobody does it is read again.
 */
async function wake(
  deps: DispatchDeps,
  { state, workflowRecord: { attempt } }: StoredPromotion,
  { token: before, outside }: Known,
): Promise<boolean> {
  const ref = refOf(state);
  const early = before?.attempt === attempt ? before : undefined;
  const [next, read] = await Promise.all([
    outside === undefined ? nextOf(deps, state) : nextStep(state, outside),
    early === undefined ? deps.tokens.get(ref) : undefined,
  ]);
  if (next === 'await') return true;
  const wakes = async (token: TaskToken | undefined) =>
    token?.attempt === attempt && (await deps.workflow.wake(token.token, ref, next)) === 'woken';
  if (await wakes(early ?? read)) return true;
  if (early !== undefined) {
    const again = await deps.tokens.get(ref);
    if (again?.token !== early.token && (await wakes(again))) return true;
  }
  if (next !== 'done') await ensureRunning(deps, ref, attempt);
  return next !== 'assess';
}

/** Sees to it that an execution drives the promotion: this attempt, or when that one is over the next. */
export async function ensureRunning(
  deps: Pick<Deps, 'workflow' | 'workflowRecords'>,
  ref: PromotionRef,
  attempt: number,
): Promise<void> {
  if ((await deps.workflow.start(ref, attempt)) === 'started') return;
  const raised = await deps.workflowRecords.raiseAttempt(ref, attempt);
  if (raised !== undefined) await deps.workflow.start(ref, raised);
}

/** The next step of a promotion; asks its kind only where that makes a difference. */
export async function nextOf(deps: KindDeps, state: PromotionState): Promise<Next> {
  const next = nextStep(state, true);
  if (next !== 'execute_and_wait') return next;
  return nextStep(state, await kindOf(state.request).outside(deps, state));
}

/** A promotion as stores name it. */
export function refOf({ tenant, id }: PromotionState): PromotionRef {
  return { tenant, id };
}
