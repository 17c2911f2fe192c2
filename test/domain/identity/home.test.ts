import { describe, expect, it } from 'vitest';
import { homeOf } from '../../../functions/domain/identity/home.ts';

const joined = (tenant: string, created_at: string, status: 'active' | 'inactive' = 'active') => ({
  tenant,
  status,
  created_at,
});
const own = joined('acme', '2026-01-01T00:00:00.000Z');

describe('the membership of a call that names no tenant', () => {
  it('is the oldest active one, whatever others are made later and in whichever order they are read', () => {
    const later = joined('aaa', '2026-01-02T00:00:00.000Z');
    const former = joined('aab', '2020-01-01T00:00:00.000Z', 'inactive');
    for (const all of [
      [own, later, former],
      [former, later, own],
      [later, own],
    ])
      expect(homeOf(all)).toBe(own);
  });

  it('is the first by name of two that are equally old', () => {
    const twin = { ...own, tenant: 'beta' };
    expect(homeOf([twin, own])).toBe(own);
  });

  it('is none of a person without an active one', () => {
    expect(homeOf([])).toBeUndefined();
    expect(homeOf([{ ...own, status: 'inactive' }])).toBeUndefined();
  });
});
