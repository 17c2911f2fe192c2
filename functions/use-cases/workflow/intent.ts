import { isClosed } from '../../domain/promotion/lifetime.ts';
import { dueAt, nextStep } from '../../domain/promotion/next.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Drive, Work } from '../../ports/transaction.ts';

/** Who commits: a step of the promotion's own execution, or anybody else, who then has to wake it. */
export type By = 'step' | 'caller';

/** The drive of a promotion that has just been requested: its first attempt is raised in the creating commit itself. */
export function firstDrive(state: PromotionState): Drive {
  return { work: ['start', 'publish'], attempt: 1, published: 0, ...due(state) };
}

/**
 * What a commit leaves to be done. An execution's own step goes on from what it commits, so it needs no start and no waking, and
 * an earlier intent to do so is done by that very fact. Publishing rides along with other work, and closes every promotion.
 */
export function driveAfter({ work, attempt, published }: Drive, state: PromotionState, by: By): Drive {
  const kept = by === 'step' || isClosed(state) ? work.filter((each) => each === 'publish') : work;
  const wake = by === 'caller' && nextStep(state, false) !== 'await';
  const wanted = new Set<Work>([...kept, ...(wake ? ['wake' as const] : [])]);
  if (wanted.size > 0 || isClosed(state)) wanted.add('publish');
  return { work: [...wanted], attempt, published, ...due(state) };
}

function due(state: PromotionState): Pick<Drive, 'due_at'> {
  const due_at = dueAt(state);
  return due_at === undefined ? {} : { due_at };
}
