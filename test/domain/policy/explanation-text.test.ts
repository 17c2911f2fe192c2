import { describe, expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { evaluate } from '../../../functions/domain/conditions/evaluate.ts';
import { explanationText } from '../../../functions/domain/policy/explanation-text.ts';

const facts = { tests: { failed: 2, passed: 98, suite: 'smoke' } };
const said = (condition: Condition) => explanationText(evaluate(condition, facts));
const failed: Condition = { field: 'tests.failed', op: 'lte', value: 0 };
const passed: Condition = { field: 'tests.passed', op: 'gte', value: 90 };
const FAILED = 'tests.failed lte 0: not met, tests.failed is 2';
const PASSED = 'tests.passed gte 90: met, tests.passed is 98';

describe('why a condition is met or not', () => {
  it.each<[string, Condition, string]>([
    ['a leaf by what was asked and what is', failed, FAILED],
    ['all by what fails alone', { all: [passed, failed] }, FAILED],
    ['all that are met by each', { all: [passed, passed] }, `${PASSED}; ${PASSED}`],
    ['any by what is met alone', { any: [failed, passed] }, PASSED],
    ['any of which none is met by each', { any: [failed, failed] }, `${FAILED} and ${FAILED}`],
    ['a negation by what it negates', { not: passed }, `not (${PASSED})`],
    [
      'a field that is not there',
      { field: 'tests.skipped', op: 'eq', value: 0 },
      'tests.skipped eq 0: tests.skipped is not given',
    ],
    [
      'a value of another type by what it is',
      { field: 'tests.suite', op: 'gte', value: 3 },
      'tests.suite gte 3: not met, tests.suite is "smoke", of another type',
    ],
    ['an empty list', { any: [] }, 'is malformed'],
  ])('says of %s', (_, condition, text) => {
    expect(said(condition)).toBe(text);
  });

  it('cuts long values, and says nothing where nothing was asked', () => {
    const long = said({ field: 'tests.suite', op: 'eq', value: 'x'.repeat(200) });
    expect(long).toContain(`eq "${'x'.repeat(98)}…`);
    expect(long).not.toContain('x'.repeat(99));
    expect(explanationText(undefined)).toBe('');
  });
});
