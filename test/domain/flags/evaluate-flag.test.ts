import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlagEntry } from '../../../functions/domain/config-tree/entry.ts';
import { evaluateFlag } from '../../../functions/domain/flags/evaluate-flag.ts';
import { parseTargeting } from '../../../functions/domain/flags/targeting.ts';
import type { Json } from '../../../functions/domain/jcs.ts';

const flag = (targeting: Json = null, enabled = true): FlagEntry => ({
  kind: 'flag',
  key: 'checkout',
  enabled,
  variants: { red: 1, blue: 2, green: 3 },
  default_variant: 'red',
  targeting,
});

const split = (red: number, blue: number) => ({
  otherwise: {
    split: [
      { variant: 'red', weight: red },
      { variant: 'blue', weight: blue },
    ],
  },
});

describe('a flag', () => {
  it('that is disabled serves nothing: the default of the code holds', () => {
    expect(evaluateFlag(flag(null, false), {})).toEqual({ outcome: 'disabled' });
  });

  it('without targeting serves its default variant', () => {
    expect(evaluateFlag(flag(), {})).toEqual({
      outcome: 'served',
      reason: 'STATIC',
      variant: 'red',
      value: 1,
    });
  });

  it('serves by the first rule that is met, then what is otherwise said, then the default', () => {
    const rules = [
      { name: 'staff', when: { field: 'email', op: 'contains', value: '@acme.com' }, variant: 'blue' },
      { when: { field: 'user.plan', op: 'in', value: ['pro', 'team'] }, variant: 'green' },
    ];
    const served = (context: { readonly [name: string]: Json }, more = {}) =>
      evaluateFlag(flag({ rules, ...more }), context);
    const both = { email: 'a@acme.com', user: { plan: 'pro' } };
    expect(served(both)).toMatchObject({ variant: 'blue', reason: 'TARGETING_MATCH' });
    expect(served({ user: { plan: 'pro' } })).toMatchObject({ variant: 'green', reason: 'TARGETING_MATCH' });
    expect(served({})).toMatchObject({ variant: 'red', reason: 'DEFAULT' });
    expect(served({}, { otherwise: { variant: 'blue' } })).toMatchObject({
      variant: 'blue',
      reason: 'DEFAULT',
    });
  });

  it('splits by the targeting key, and cannot without one', () => {
    expect(evaluateFlag(flag(split(50, 50)), {})).toEqual({ outcome: 'no_targeting_key' });
    expect(evaluateFlag(flag(split(50, 50)), { targetingKey: 'u' })).toMatchObject({ reason: 'SPLIT' });
  });
});

describe('targeting', () => {
  it.each<[string, Json]>([
    ['a text', 'on'],
    ['an unknown member', { rule: [] }],
    ['a rule without a condition', { rules: [{ variant: 'red' }] }],
    ['an unknown operator', { rules: [{ when: { field: 'a', op: 'like', value: 1 }, variant: 'red' }] }],
    ['an unknown variant', { otherwise: { variant: 'pink' } }],
    ['both variant and split', { otherwise: { variant: 'red', split: [{ variant: 'red', weight: 1 }] } }],
    ['a share of less than nothing', { otherwise: { split: [{ variant: 'red', weight: -1 }] } }],
    ['a broken share', { otherwise: { split: [{ variant: 'red', weight: 0.5 }] } }],
    ['an empty split', { otherwise: { split: [] } }],
    ['a variant by the name of a method', { otherwise: { variant: 'toString' } }],
  ])('is refused: %s', (_, targeting) => {
    expect(parseTargeting(flag(targeting))).toMatchObject({ refused: 'invalid_request' });
  });

  it('never throws, whatever is stored and whoever asks', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.jsonValue()), (targeting, context) => {
        const json: Json = JSON.parse(JSON.stringify(targeting));
        const facts: { readonly [name: string]: Json } = JSON.parse(JSON.stringify(context));
        expect(evaluateFlag(flag(json), facts)).toHaveProperty('outcome');
      }),
    );
  });
});
