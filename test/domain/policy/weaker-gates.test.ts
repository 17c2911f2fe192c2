import { expect, it } from 'vitest';
import type { Condition } from '../../../functions/domain/conditions/condition.ts';
import { weakerGates } from '../../../functions/domain/policy/weakening/gates.ts';
import { weakerRequirements } from '../../../functions/domain/policy/weakening/requirements.ts';
import { requirementsOf } from '../../support/promotion-facts.ts';

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

it('a gate that only warns is weaker without the provider for which it waited, and otherwise never', () => {
  const warns = { name: 'tests', mode: 'warn', applies_to: ['artifact'] } as const;
  const asks = { ...warns, provider: { type: 'http', url: 'https://p', secret_ref: 's' } } as const;
  expect(weakerGates([asks], [])).toEqual(['tests']);
  expect(weakerGates([asks], [asks])).toEqual([]);
  expect(weakerGates([warns], [])).toEqual([]);
});

it('a gate is weaker by any change of whether children need be signed: it hears other words then', () => {
  const signed = { name: 'signature', mode: 'block', applies_to: ['artifact'] } as const;
  const own = { ...signed, provider: { type: 'registry', public_keys: ['a'] } } as const;
  const all = { ...signed, provider: { ...own.provider, children: true } } as const;
  expect(weakerGates([all], [own])).toEqual(['signature']);
  expect(weakerGates([own], [all])).toEqual(['signature']);
  expect(weakerGates([own], [own])).toEqual([]);
});

it('a threshold on what a report leaves open is weaker where one part of the old one did without', () => {
  const weaker = (before: Condition, after: Condition) => weakerGates([gate(before)], [gate(after)]);
  expect(weaker({ any: [known, failed] }, known)).toEqual(['tests']);
  expect(weaker({ any: [known, { all: [known, failed] }] }, known)).toEqual([]);
  expect(weaker({ all: [known, failed] }, { all: [failed, known] })).toEqual([]);
});

it('approval by link alone is weaker than what it was before, and nothing else that is as it was', () => {
  const [plain, linked] = [requirementsOf(), requirementsOf({}, { link_only: true })];
  const weaker = (before: typeof plain, after: typeof plain) =>
    weakerRequirements(before, after, { type: 'promotion', machines: [] }).map(({ what }) => what);
  expect(weaker(plain, linked)).toEqual(['link_only']);
  expect(weaker(linked, plain)).toEqual([]);
  expect(weaker(linked, linked)).toEqual([]);
});
