import { expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { weakerGates } from '../../../functions/domain/policy/weakening/gates.ts';

const gate = (thresholds: Condition) =>
  ({ name: 'tests', mode: 'block', applies_to: ['artifact'], format: 'junit', thresholds }) as const;
const known: Condition = { field: 'unknown', op: 'lte', value: 0 };
const failed: Condition = { field: 'failed', op: 'lte', value: 0 };

it('a threshold on what a report leaves open is weaker where one part of the old one did without', () => {
  const weaker = (before: Condition, after: Condition) => weakerGates([gate(before)], [gate(after)]);
  expect(weaker({ any: [known, failed] }, known)).toEqual(['tests']);
  expect(weaker({ any: [known, { all: [known, failed] }] }, known)).toEqual([]);
  expect(weaker({ all: [known, failed] }, { all: [failed, known] })).toEqual([]);
});
