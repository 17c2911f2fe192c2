import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, NotCanonical } from '../../functions/domain/jcs.ts';

/** RFC 8785 appendix B: the bits of a double and the text of it. */
const NUMBERS = [
  ['0000000000000000', '0'],
  ['8000000000000000', '0'],
  ['0000000000000001', '5e-324'],
  ['8000000000000001', '-5e-324'],
  ['7fefffffffffffff', '1.7976931348623157e+308'],
  ['ffefffffffffffff', '-1.7976931348623157e+308'],
  ['4340000000000000', '9007199254740992'],
  ['c340000000000000', '-9007199254740992'],
  ['4430000000000000', '295147905179352830000'],
  ['44b52d02c7e14af5', '9.999999999999997e+22'],
  ['44b52d02c7e14af6', '1e+23'],
  ['44b52d02c7e14af7', '1.0000000000000001e+23'],
  ['444b1ae4d6e2ef4e', '999999999999999700000'],
  ['444b1ae4d6e2ef4f', '999999999999999900000'],
  ['444b1ae4d6e2ef50', '1e+21'],
  ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
  ['3eb0c6f7a0b5ed8d', '0.000001'],
  ['41b3de4355555553', '333333333.3333332'],
  ['41b3de4355555554', '333333333.33333325'],
  ['41b3de4355555555', '333333333.3333333'],
  ['41b3de4355555556', '333333333.3333334'],
  ['41b3de4355555557', '333333333.33333343'],
  ['becbf647612f3696', '-0.0000033333333333333333'],
  ['43143ff3c1cb0959', '1424953923781206.2'],
] as const;

describe('the vectors of RFC 8785', () => {
  it.each(NUMBERS)('the double %s is %s, or refused where an integer has lost digits', (bits, text) => {
    const value = Buffer.from(bits, 'hex').readDoubleBE();
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      expect(() => canonicalJson(value)).toThrow(NotCanonical);
    } else {
      expect(canonicalJson(value)).toBe(text);
    }
  });

  it.each(['7fffffffffffffff', '7ff0000000000000', 'fff0000000000000'])(
    'the double %s is refused',
    (bits) => {
      expect(() => canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toThrow(NotCanonical);
    },
  );

  it('strings and literals (section 3.2.2, without its integer of 31 digits)', () => {
    const value = JSON.parse(
      '{"numbers": [333333333.33333329, 4.50, 2e-3, 0.000000000000000000000000001],' +
        '"string": "\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/", "literals": [null, true, false]}',
    );
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('the order of members (section 3.2.3)', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const members = Array.from(canonicalJson(value).matchAll(/:"([^"]+)"/g), ([, text]) => text);
    expect(members).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('nested members are sorted, lists are not, and text is not normalized (appendix vectors)', () => {
    expect(canonicalJson([56, { d: true, '10': null, '1': [] }])).toBe('[56,{"1":[],"10":null,"d":true}]');
    expect(canonicalJson({ '1': { f: { f: 'hi', F: 5 }, '\n': 56 }, '': 'empty', a: {} })).toBe(
      '{"":"empty","1":{"\\n":56,"f":{"F":5,"f":"hi"}},"a":{}}',
    );
    expect(canonicalJson({ 'Unnormalized Unicode': 'A\u030a' })).toBe('{"Unnormalized Unicode":"A\u030a"}');
  });
});

describe('canonical JSON', () => {
  it('refuses what has none, also where every member is in order already', () => {
    const holed: unknown[] = [1];
    holed[2] = 3;
    for (const none of ['\ud800', 'a\udc00b', undefined, Number.NaN, 2 ** 53, 1n, new Date(0), holed]) {
      expect(() => canonicalJson({ a: [none], b: 1 }), typeof none).toThrow(NotCanonical);
      expect(() => canonicalJson({ b: 1, a: [none] }), typeof none).toThrow(NotCanonical);
    }
    expect(canonicalJson({ a: '\\ud800', b: '\ud83d\ude00' })).toBe('{"a":"\\\\ud800","b":"\ud83d\ude00"}');
  });

  it('refuses a member called __proto__, which readers drop or take for the prototype', () => {
    for (const text of ['{"__proto__":1}', '[{"a":{"__proto__":{}}}]', '{"b":1,"a":{"__proto__":null}}']) {
      expect(() => canonicalJson(JSON.parse(text)), text).toThrow(NotCanonical);
    }
    expect(canonicalJson({ a: '__proto__', proto: ['__proto__'] })).toBe(
      '{"a":"__proto__","proto":["__proto__"]}',
    );
  });

  const values = fc.jsonValue({ noUnicodeString: false });
  const canonical = (value: unknown) => {
    try {
      return canonicalJson(value);
    } catch (problem) {
      if (problem instanceof NotCanonical) return undefined;
      throw problem;
    }
  };

  it('is the same for the same members in any order', () => {
    const objects = fc.dictionary(fc.string(), values);
    fc.assert(
      fc.property(objects, (object) => {
        const turned = Object.fromEntries(Object.entries(object).reverse());
        expect(canonical(turned)).toBe(canonical(object));
      }),
    );
  });

  it('reads back as what was written, and again as itself', () => {
    fc.assert(
      fc.property(values, (value) => {
        const text = canonical(value);
        if (text === undefined) return;
        expect(canonical(JSON.parse(text))).toBe(text);
        expect(JSON.stringify(JSON.parse(text))).toHaveLength(text.length);
      }),
    );
  });
});
