import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differenceOf } from '../../../functions/domain/link/difference.ts';

const url = (size: number) => `postgres://db/${'a'.repeat(60)}?pool_max=${size}&${'b'.repeat(80)}`;

describe('the difference of two texts', () => {
  it('shows where two long values differ, not their equal beginnings', () => {
    expect(differenceOf(url(20), url(40))).toEqual({
      cutBefore: 44,
      before: `${'a'.repeat(30)}?pool_max=`,
      from: '2',
      to: '4',
      after: `0&${'b'.repeat(38)}`,
      cutAfter: 42,
    });
  });

  it('keeps characters whole that take two code units', () => {
    const { from, to } = differenceOf('x😀y', 'x😁y');
    expect([from, to]).toEqual(['😀', '😁']);
  });

  it.each([
    ['', '', { from: '', to: '' }],
    ['a', 'a', { from: '', to: '' }],
    ['', 'a', { from: '', to: 'a' }],
    ['aa', 'a', { from: 'a', to: '' }],
    ['ab', 'ba', { from: 'ab', to: 'ba' }],
  ])('of %j and %j names what goes and what comes', (from, to, expected) => {
    expect(differenceOf(from, to)).toMatchObject(expected);
  });

  it('leaves nothing out: what is shown and what is counted make up both texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (from, to) => {
        const { cutBefore, before, after, cutAfter, ...parts } = differenceOf(from, to);
        for (const [whole, part] of [
          [from, parts.from],
          [to, parts.to],
        ] as const) {
          const shown = before + part + after;
          expect([...whole]).toHaveLength(cutBefore + [...shown].length + cutAfter);
          expect(whole).toContain(shown);
        }
      }),
    );
  });
});
