import { describe, expect, it } from 'vitest';
import { flagInWords } from '../../web/words/flag.ts';

type Part = { readonly [name: string]: unknown };
const flag = (over: Part = {}) => ({
  enabled: true,
  variants: { on: true, off: false, new: 'v2', old: 'v1' },
  defaultVariant: 'off',
  ...over,
});
const says = (over: Part = {}) => flagInWords(flag(over))?.says;
const rule = (when: Part, outcome: Part = { variant: 'on' }) => ({ when, ...outcome });
const leaf = (field: string, op: string, value: unknown) => ({ field, op, value });

describe('a flag in words', () => {
  it('that has no rules is on or off for everyone, or serves its default variant', () => {
    expect(flagInWords(flag({ defaultVariant: 'on' }))).toEqual({ on: true, says: 'on for everyone' });
    expect(flagInWords(flag())).toEqual({ on: false, says: 'off for everyone' });
    expect(flagInWords(flag({ defaultVariant: 'new' }))).toEqual({ on: true, says: 'new for everyone' });
  });

  it('that is disabled is off, whatever else it holds', () => {
    const targeting = { rules: [rule(leaf('group', 'eq', 'beta'))] };
    expect(flagInWords(flag({ enabled: false, defaultVariant: 'on', targeting }))).toEqual({
      on: false,
      says: 'off',
    });
  });

  it.each([
    [
      [
        ['on', 20],
        ['off', 80],
      ],
      'on for 20 %',
    ],
    [
      [
        ['on', 1],
        ['off', 2],
      ],
      'on for 33.33 %',
    ],
    [
      [
        ['on', 100],
        ['off', 0],
      ],
      'on for everyone',
    ],
    [
      [
        ['off', 7],
        ['on', 0],
      ],
      'off for everyone',
    ],
    [
      [
        ['new', 20],
        ['old', 80],
      ],
      'new for 20 % and old for 80 %',
    ],
    [
      [
        ['new', 10],
        ['new', 10],
        ['old', 80],
      ],
      'new for 20 % and old for 80 %',
    ],
  ] as const)('says the shares of the split %j', (shares, words) => {
    const split = shares.map(([variant, weight]) => ({ variant, weight }));
    expect(says({ targeting: { otherwise: { split } } })).toBe(words);
  });

  it('counts the variants that it does not name', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const variants = Object.fromEntries(names.map((name) => [name, name]));
    const split = names.map((variant) => ({ variant, weight: 1 }));
    expect(says({ variants, defaultVariant: 'a', targeting: { otherwise: { split } } })).toBe(
      'a for 20 %, b for 20 %, c for 20 % and 2 more variants',
    );
  });

  it.each([
    [leaf('group', 'eq', 'beta'), 'group beta'],
    [leaf('group', 'ne', 'beta'), 'group not beta'],
    [leaf('plan', 'in', ['pro', 'team']), 'plan pro or team'],
    [leaf('plan', 'in', ['a', 'b', 'c', 'd', 'e']), 'plan a, b, c or 2 more'],
    [leaf('plan', 'not_in', ['free', 'trial']), 'plan neither free nor trial'],
    [leaf('plan', 'not_in', ['free']), 'plan not free'],
    [leaf('age', 'gte', 18), 'age at least 18'],
    [leaf('age', 'gt', 18), 'age over 18'],
    [leaf('age', 'lte', 18), 'age at most 18'],
    [leaf('age', 'lt', 18), 'age under 18'],
    [leaf('email', 'contains', '@acme.com'), 'email with @acme.com'],
    [leaf('email', 'exists', true), 'any email'],
    [leaf('email', 'exists', false), 'no email'],
    [{ not: leaf('group', 'eq', 'beta') }, 'all but group beta'],
    [
      { all: [leaf('a', 'eq', 1), { any: [leaf('b', 'eq', 2), leaf('c', 'eq', 3)] }] },
      'a 1 and (b 2 or c 3)',
    ],
    [{ not: { all: [leaf('a', 'eq', 1), leaf('b', 'eq', 2)] } }, 'all but (a 1 and b 2)'],
  ])('says the condition %j', (when, words) => {
    expect(says({ targeting: { rules: [rule(when)] } })).toBe(`on for ${words} · otherwise off`);
  });

  it('says rules in their order, and how many more there are', () => {
    const split = [
      { variant: 'on', weight: 20 },
      { variant: 'off', weight: 80 },
    ];
    const rules = [
      rule(leaf('group', 'eq', 'beta')),
      rule(leaf('plan', 'eq', 'pro'), { split }),
      rule(leaf('country', 'eq', 'DE'), { variant: 'new' }),
      rule(leaf('a', 'eq', 1)),
    ];
    expect(says({ targeting: { rules, otherwise: { variant: 'old' } } })).toBe(
      'on for group beta · on for 20 % of plan pro · new for country DE · 1 more rule · otherwise old',
    );
  });

  it.each([
    null,
    'a text',
    [],
    {},
    { enabled: 'yes', variants: {}, defaultVariant: 'a' },
    flag({ targeting: { rules: [{ variant: 'on' }] } }),
    flag({ targeting: { rules: 'all' } }),
    flag({ targeting: { otherwise: { variant: 'none of them' } } }),
    flag({ targeting: { otherwise: { split: [{ variant: 'on', weight: 0 }] } } }),
    flag({ targeting: { unknown: true } }),
  ])('leaves what is no flag to others: %j', (value) => {
    expect(flagInWords(value)).toBeUndefined();
  });

  it('takes no name for a member that only looks like one', () => {
    expect(says({ defaultVariant: 'toString' })).toBe('toString for everyone');
  });
});
