import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlagEntry } from '../../../functions/domain/config-tree/entry.ts';
import { evaluateFlag } from '../../../functions/domain/flags/evaluate-flag.ts';
import { explainFlag } from '../../../functions/domain/flags/explain-flag.ts';
import type { Json } from '../../../functions/domain/jcs.ts';

const flag = (targeting: Json, more: Partial<FlagEntry> = {}): FlagEntry => ({
  ...{ kind: 'flag', key: 'checkout', enabled: true, variants: { on: true, off: false } },
  ...{ default_variant: 'off', targeting },
  ...more,
});
const half = [
  { variant: 'on', weight: 50 },
  { variant: 'off', weight: 50 },
];
const RULES = [
  { name: 'staff', when: { field: 'email', op: 'contains', value: '@acme.com' }, variant: 'on' },
  {
    when: {
      all: [
        { field: 'plan', op: 'in', value: ['pro', 'team'] },
        { field: 'seats', op: 'gte', value: 5 },
      ],
    },
    split: half,
  },
  { name: 'late', when: { field: 'plan', op: 'exists', value: true }, variant: 'off' },
];

describe('an explanation', () => {
  it('names the rule that decides, and why those before it do not', () => {
    const context = { targetingKey: 'u', plan: 'pro', seats: 7 };
    expect(explainFlag(flag({ rules: RULES }), context)).toEqual({
      evaluated: expect.objectContaining({ outcome: 'served', reason: 'SPLIT' }),
      why: 'rule 2 decides by the share that the targetingKey falls on',
      rules: [
        { name: 'staff', outcome: 'not_met', why: 'email contains "@acme.com": email is not given' },
        {
          outcome: 'decides',
          why: 'plan in ["pro","team"]: met, plan is "pro"; seats gte 5: met, seats is 7',
        },
        { name: 'late', outcome: 'not_reached', why: 'plan exists true: met, plan is "pro"' },
      ],
    });
  });

  it.each<[string, Json, { readonly [name: string]: Json }, string]>([
    ['otherwise', { rules: RULES, otherwise: { variant: 'on' } }, {}, 'no rule is met: otherwise decides'],
    ['the default', { rules: RULES }, {}, 'no rule is met: the default variant is served'],
    ['no rules at all', null, {}, 'no rule is met: the default variant is served'],
    [
      'a split without a key',
      { otherwise: { split: half } },
      {},
      'no rule is met: otherwise decides by a split, which needs a targetingKey',
    ],
    [
      'targeting that cannot be used',
      { otherwise: { variant: 'x' } },
      {},
      'targeting.otherwise.variant is not one of the variants',
    ],
  ])('says that it is %s', (_, targeting, context, why) => {
    expect(explainFlag(flag(targeting), context).why).toBe(why);
  });

  it('of a disabled flag reaches no rule', () => {
    const { evaluated, why, rules } = explainFlag(flag({ rules: RULES }, { enabled: false }), {
      plan: 'pro',
    });
    expect(evaluated).toEqual({ outcome: 'disabled' });
    expect(why).toBe('the flag is disabled: the default of the code holds');
    expect(new Set(rules.map(({ outcome }) => outcome))).toEqual(new Set(['not_reached']));
  });

  it.each<[Json, { readonly [name: string]: Json }, string]>([
    [{ field: 'n', op: 'gt', value: 5 }, { n: 3 }, 'n gt 5: not met, n is 3'],
    [{ field: 'n', op: 'gt', value: 5 }, { n: 'a' }, 'n gt 5: not met, n is "a", of another type'],
    [{ not: { field: 'n', op: 'eq', value: 5 } }, { n: 5 }, 'not (n eq 5: met, n is 5)'],
    [{ field: 'n', op: 'exists', value: true }, {}, 'n exists true: not met, n is not given'],
    [
      {
        any: [
          { field: 'a', op: 'eq', value: 1 },
          { field: 'b', op: 'eq', value: 2 },
        ],
      },
      { a: 3, b: 4 },
      'a eq 1: not met, a is 3 and b eq 2: not met, b is 4',
    ],
    [
      { field: 't', op: 'eq', value: 'x'.repeat(300) },
      { t: 'y' },
      `t eq "${'x'.repeat(98)}…: not met, t is "y"`,
    ],
  ])('puts %j into words', (when, context, why) => {
    expect(explainFlag(flag({ rules: [{ when, variant: 'on' }] }), context).rules[0]?.why).toBe(why);
  });

  it('evaluates as OFREP does, and never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (targeting, context) => {
        const json: Json = JSON.parse(JSON.stringify(targeting));
        const facts: { readonly [name: string]: Json } = JSON.parse(JSON.stringify(context));
        expect(explainFlag(flag(json), facts).evaluated).toEqual(evaluateFlag(flag(json), facts));
      }),
    );
  });
});
