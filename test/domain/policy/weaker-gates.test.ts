import { expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { weakerGates } from '../../../functions/domain/policy/weakening/gates.ts';

const gate = (thresholds: Condition) =>
  ({ name: 'tests', mode: 'block', applies_to: ['artifact'], format: 'junit', thresholds }) as const;
const known: Condition = { field: 'unknown', op: 'lte', value: 0 };
const failed: Condition = { field: 'failed', op: 'lte', value: 0 };

it.each(['soak', 'policy_compliance'])(
  'a gate %s that asks for less is weaker, and for more it is not',
  (name) => {
    const hours = (value?: number) => {
      const own = { name, mode: 'block', applies_to: ['artifact'] } as const;
      return value === undefined
        ? own
        : { ...own, thresholds: { field: 'hours', op: 'gte', value } as const };
    };
    const weaker = (before?: number, after?: number) => weakerGates([hours(before)], [hours(after)]);
    expect(weaker(24, 12)).toEqual([name]);
    expect(weaker(24, 48)).toEqual([]);
    expect(weaker(24, 24)).toEqual([]);
    // Without thresholds a soak never passes, and policy compliance asks for nothing of its own.
    expect(weaker(24, undefined)).toEqual(name === 'soak' ? [] : [name]);
  },
);

it('a threshold on what a report leaves open is weaker where one part of the old one did without', () => {
  const weaker = (before: Condition, after: Condition) => weakerGates([gate(before)], [gate(after)]);
  expect(weaker({ any: [known, failed] }, known)).toEqual(['tests']);
  expect(weaker({ any: [known, { all: [known, failed] }] }, known)).toEqual([]);
  expect(weaker({ all: [known, failed] }, { all: [failed, known] })).toEqual([]);
});
