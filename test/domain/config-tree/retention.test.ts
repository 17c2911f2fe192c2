import { describe, expect, it } from 'vitest';
import { isRetained, isSurelyRetained } from '../../../functions/domain/config-tree/retention.ts';

const DAY = 86_400_000;

describe('what a revision holds', () => {
  it('is kept while it is one of the newest hundred or ninety days young', () => {
    expect(isRetained({ newer: 99, age: 1000 * DAY })).toBe(true);
    expect(isRetained({ newer: 5000, age: 90 * DAY })).toBe(true);
    expect(isRetained({ newer: 100, age: 90 * DAY + 1 })).toBe(false);
  });

  it('may be relied on by what begins now only with a margin to the next sweep', () => {
    expect(isSurelyRetained({ newer: 89, age: 1000 * DAY })).toBe(true);
    expect(isSurelyRetained({ newer: 90, age: 89 * DAY })).toBe(true);
    expect(isSurelyRetained({ newer: 90, age: 89 * DAY + 1 })).toBe(false);
  });
});
