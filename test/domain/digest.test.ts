import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digest, isDigest, listDigest } from '../../functions/domain/digest.ts';
import { canonicalJson, NotCanonical } from '../../functions/domain/jcs.ts';

describe('canonical JSON', () => {
  it('sorts members by UTF-16 code units and keeps arrays in order (RFC 8785 section 3.2.3)', () => {
    const value = { '\u20ac': 1, '\r': 2, '1': 3, '\u0080': 4, '\u00f6': 5, '\ud83d\ude00': 6, '\ufb33': 7 };
    expect(Object.keys(JSON.parse(canonicalJson(value)))).toHaveLength(7);
    expect(canonicalJson(value)).toBe(
      '{"\\r":2,"1":3,"\u0080":4,"\u00f6":5,"\u20ac":1,"\ud83d\ude00":6,"\ufb33":7}',
    );
  });

  it('writes numbers as ECMAScript does', () => {
    expect(canonicalJson([4.5, 2e-3, 1e-27, -0, 333333333.3333333])).toBe(
      '[4.5,0.002,1e-27,0,333333333.3333333]',
    );
  });

  it.each([
    ['undefined', undefined],
    ['a member that is undefined', { a: undefined }],
    ['NaN', Number.NaN],
    ['an infinity', Number.POSITIVE_INFINITY],
    ['an integer beyond 2^53-1', 2 ** 53],
    ['a lone surrogate', '\ud800'],
    ['a lone surrogate in a key', { '\udc00': 1 }],
    ['a date', new Date(0)],
    ['a map', new Map()],
    ['a hole in an array', new Array(1)],
    ['a bigint', 1n],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(NotCanonical);
  });
});

describe('digest', () => {
  it('is frozen by golden fixtures', () => {
    expect(digest('sluice/manifest/v1', { b: [1, 'x'], a: null })).toBe(
      'sha256:10a3b71ffd6c12bdfedcb2d8689d32f67f5a5a77aed50d4355e27f733f513b38',
    );
  });

  it('differs between domains for the same value', () => {
    expect(digest('sluice/manifest/v1', {})).not.toBe(digest('sluice/decision/v1', {}));
  });

  it('of a list is the same where its items come one by one', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string(), fc.option(fc.string()), fc.nat())), (items) => {
        const list = listDigest('sluice/change-set/v1');
        for (const item of items) list.add(item);
        expect(list.done()).toBe(digest('sluice/change-set/v1', items));
      }),
    );
  });

  it('knows its own shape', () => {
    expect(isDigest(digest('sluice/event/v1', 1))).toBe(true);
    expect(isDigest('sha256:XYZ')).toBe(false);
  });
});
