import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FlagEntry } from '../../../functions/domain/config-tree/entry.ts';
import { evaluateFlag, shareOf } from '../../../functions/domain/flags/evaluate-flag.ts';
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

describe('a split', () => {
  it('is the same for the same key everywhere and for ever', () => {
    expect(['user-1', 'user-2', 'user-3', 'ü'].map((key) => shareOf('checkout', key).toFixed(6))).toEqual([
      '0.154129',
      '0.493461',
      '0.942558',
      '0.272880',
    ]);
  });

  it('gives each variant its share', () => {
    const counts = { red: 0, blue: 0 };
    for (let n = 0; n < 20_000; n += 1) {
      const got = evaluateFlag(flag(split(30, 70)), { targetingKey: `user-${n}` });
      if (got.outcome === 'served' && got.variant !== 'green')
        counts[got.variant === 'red' ? 'red' : 'blue'] += 1;
    }
    expect(counts.red / 20_000).toBeCloseTo(0.3, 1);
    expect(Math.abs(counts.red / 20_000 - 0.3)).toBeLessThan(0.01);
  });

  it('that grows takes nobody away from the variant that grew', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 99 }), (key, red) => {
        fc.pre(key !== '');
        const variant = (share: number) =>
          evaluateFlag(flag(split(share, 100 - share)), { targetingKey: key });
        const before = variant(red);
        if (before.outcome === 'served' && before.variant === 'red')
          expect(variant(red + 1)).toMatchObject({ variant: 'red' });
      }),
    );
  });

  it('of one flag says nothing about that of another', () => {
    const both = Array.from({ length: 4000 }, (_, n) => `u${n}`).filter(
      (key) => shareOf('a', key) < 0.5 && shareOf('b', key) < 0.5,
    );
    expect(Math.abs(both.length / 4000 - 0.25)).toBeLessThan(0.03);
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
