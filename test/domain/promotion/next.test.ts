import { describe, expect, it } from 'vitest';
import { dueAt, nextStep } from '../../../functions/domain/promotion/next.ts';
import { by, promotionAfter } from '../../support/decider-specification.ts';
import {
  alice,
  asks,
  assessmentFacts,
  NO_APPROVAL,
  NOON,
  requirementsOf,
} from '../../support/promotion-facts.ts';
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

  it.each([
    [['frozen'], NOON],
    [['gates', 'frozen'], NOON],
    [['target_moved'], NOON],
    [['locked'], WEEK],
    [['gates', 'locked'], WEEK],
  ] as const)('of one that %j blocks somebody looks at %s', (blocked_by, due) => {
    const { state } = promotionIn('blocked by a lock');
    if (state.status !== 'blocked') throw new Error(state.status);
    expect(dueAt({ ...state, blocked_by: [...blocked_by] })).toBe(due);
  });

  it('is at once of one that soaks, whatever else blocks it', () => {
    const { state } = promotionIn('blocked by a gate');
    if (state.status !== 'blocked') throw new Error(state.status);
    const gate = { required: true, mode: 'block', evidence: [] } as const;
    const soak = { ...gate, name: 'soak', status: 'PENDING', reason_code: 'soaking' } as const;
    const tests = { ...gate, name: 'tests', status: 'FAILED', reason_code: 'thresholds_not_met' } as const;
    expect(dueAt({ ...state, gates: [tests, soak] })).toBe(NOON);
    expect(dueAt({ ...state, gates: [tests] })).toBe(WEEK);
  });
});
