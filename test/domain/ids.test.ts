import { describe, expect, it } from 'vitest';
import { isId, isReserved, RESERVED } from '../../functions/domain/ids.ts';

describe('an id', () => {
  it.each(['agent-123', 'dep-456', 'a', '0', 'A.b_c-D', 'x'.repeat(128)])('%j is one', (text) => {
    expect(isId(text)).toBe(true);
  });

  it.each(['', 'a#b', 'a/b', 'a b', 'ä', '.', '..', 'a\n', 'x'.repeat(129), 'a%2fb'])(
    '%j is none',
    (text) => {
      expect(isId(text)).toBe(false);
    },
  );

  it('may not be a word that routes use, in any case', () => {
    expect(isReserved('current')).toBe(true);
    expect(isReserved('History')).toBe(true);
    expect(isReserved('agent-123')).toBe(false);
    for (const word of RESERVED) expect(word).toBe(word.toLowerCase());
  });
});
