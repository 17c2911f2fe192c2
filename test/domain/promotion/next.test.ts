import { describe, expect, it } from 'vitest';
import { dueAt, nextStep } from '../../../functions/domain/promotion/next.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import { alice, asks, assessmentFacts, NO_APPROVAL, requirementsOf } from '../../support/promotion-facts.ts';
import { type Place, promotionIn, TOMORROW } from '../../support/promotions.ts';

const WEEK = '2026-11-28T12:00:00.000Z';

describe('what comes next', () => {
  it.each<[Place, string, string | undefined]>([
    ['pending, waiting for approval', 'await', WEEK],
    ['pending, waiting for changes', 'await', WEEK],
    ['pending, its target moved', 'await', WEEK],
    ['blocked by a gate', 'await', WEEK],
    ['blocked by a lock', 'await', WEEK],
    ['approved', 'await', WEEK],
    ['approved, to be executed', 'execute_and_wait', WEEK],
    ['scheduled', 'await', TOMORROW],
    ['executing', 'execute_and_wait', '2026-11-21T13:00:00.000Z'],
    ['completed', 'done', undefined],
    ['rejected', 'done', undefined],
    ['cancelled', 'done', undefined],
    ['failed', 'done', undefined],
    ['rolled back', 'done', undefined],
  ])('for a promotion %s it is %s, and somebody looks at %s', (place, next, due) => {
    const { state } = promotionIn(place);
    expect(nextStep(state, true)).toBe(next);
    expect(nextStep(state, false)).toBe(next === 'execute_and_wait' ? 'execute' : next);
    expect(dueAt(state)).toBe(due);
  });

  it('is another assessment after a broken seal that nobody has to approve, but for a moved target', () => {
    const other = requirementsOf({}, { ...NO_APPROVAL, require_comment: true });
    const { state } = promotionAfter(
      asks.request({ facts: assessmentFacts({ requirements: requirementsOf({}, NO_APPROVAL) }) }),
      by(alice, asks.startExecution({ requirements: other })),
    );
    expect(nextStep(state, true)).toBe('assess');
  });
});
