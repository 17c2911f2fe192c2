import { afterEach, describe, expect, it, vi } from 'vitest';
import { randomIds } from '../../functions/adapters/ids.ts';
import { isId } from '../../functions/domain/ids.ts';

afterEach(() => vi.useRealTimers());

describe('ids', () => {
  it('are ids of 26 characters after their prefix, never twice', () => {
    const ids = Array.from({ length: 10_000 }, () => randomIds.next('prom'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids.slice(0, 100)) {
      expect(isId(id)).toBe(true);
      expect(id).toMatch(/^prom-[0-9A-HJKMNP-TV-Z]{26}$/);
    }
  });

  it('sort as they were made, to the millisecond, also over a digit that carries', () => {
    vi.useFakeTimers();
    const ids = [0, 31, 32, 1023, 1024, 1_790_000_000_000, 1_790_000_000_001, 2 ** 48 - 1].map((ms) => {
      vi.setSystemTime(ms);
      return randomIds.next('dep');
    });
    expect(ids.toSorted()).toEqual(ids);
  });
});
