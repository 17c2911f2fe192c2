import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatedMember } from '../../functions/domain/json-text.ts';

describe('a repeated member of a JSON text', () => {
  it.each([
    ['{"passed":false,"passed":true}', 'passed'],
    ['{"passed":false,"p\\u0061ssed":true}', 'passed'],
    ['[{"a":[{"b":1 , "b" \n:2}]}]', 'b'],
    ['{"":1,"":2}', ''],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
    ['{"a":{"x":1},"b":{"x":1},"a":2}', 'a'],
  ])('of %s is %s', (text, name) => expect(repeatedMember(text)).toBe(name));

  it.each([
    '{"a":"a","b":"a:"}',
    '{"a":{"a":{"a":1}}}',
    '[["a","a"],{"a":"{\\"a\\":1"}]',
    '"a"',
    '{"a":"\\\\"}',
  ])('is not in %s', (text) => expect(repeatedMember(text)).toBeUndefined());

  it('is found wherever it is put, and nowhere else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, name) => {
        const text = JSON.stringify(value);
        expect(repeatedMember(text)).toBeUndefined();
        const key = JSON.stringify(name);
        expect(repeatedMember(`[{"x":${text}},{${key}:1,${key} :${text}}]`)).toBe(name);
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});
