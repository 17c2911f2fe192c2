import { isClosed } from '../../domain/promotion/lifetime.ts';
import { dueAt, nextStep, timerAt } from '../../domain/promotion/next.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { Work, WorkflowRecord } from '../../ports/transaction.ts';

/** Who commits: a step of the promotion's own execution, or anybody else, who then has to wake it. */
export type By = 'step' | 'caller';

/** the workflow record of a promotion that has just been requested: its first attempt is raised in the creating commit itself. */
export function firstRecord(state: PromotionState): WorkflowRecord {
  return { work: ['start', 'publish'], attempt: 1, published: 0, ...due(state) };
}

/**
 * What a commit leaves to be done. An execution's own step goes on from what it commits, so it needs no start and no waking, and
 * an earlier intent to do so is done by that very fact. Every commit is to be announced, whatever it wakes; the timer comes last, since
 * nothing waits for it.
 */
export function recordAfter(
  { work, attempt, published }: WorkflowRecord,
  before: PromotionState,
  state: PromotionState,
  by: By,
): WorkflowRecord {
  const kept = by === 'step' || isClosed(state) ? work.filter((each) => !DRIVING.has(each)) : work;
  const wake = by === 'caller' && nextStep(state, false) !== 'await';
  const wanted = new Set<Work>([...kept, ...(wake ? ['wake' as const] : []), 'publish']);
  wanted.delete('schedule');
  if (movesTimer(work, before, state)) wanted.add('schedule');
  return { work: [...wanted], attempt, published, ...due(state) };
}

const DRIVING: ReadonlySet<Work> = new Set(['start', 'wake']);

/** Whether a timer is to be set, moved or taken back. One whose time has come takes itself back. */
function movesTimer(work: readonly Work[], before: PromotionState, state: PromotionState): boolean {
  return !isBegun(state) && (work.includes('schedule') || timerAt(before) !== timerAt(state));
}

/** An execution was asked for: the time that was set has come, or does not matter any more. */
function isBegun(state: PromotionState): boolean {
  switch (state.status) {
    case 'approved':
      return state.execution_requested !== undefined;
    case 'executing':
    case 'completed':
    case 'failed':
    case 'rolled_back':
      return true;
    case 'pending':
    case 'blocked':
    case 'scheduled':
    case 'rejected':
    case 'cancelled':
      return false;
    default:
      return unreachable(state);
  }
}

function due(state: PromotionState): Pick<WorkflowRecord, 'due_at'> {
  const due_at = dueAt(state);
  return due_at === undefined ? {} : { due_at };
}
