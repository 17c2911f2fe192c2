import { describe, expect, it } from 'vitest';
import { endOfLife, lifecycleAt } from '../../../functions/domain/artifact/lifecycle.ts';

const [BEFORE, AT, AFTER] = [
  '2026-11-30T00:00:00.000Z',
  '2026-12-01T00:00:00.000Z',
  '2026-12-02T00:00:00.000Z',
];

describe('the lifecycle of a version', () => {
  it.each([
    ['active', {}, AT],
    ['active', { deprecated_at: AT }, BEFORE],
    ['deprecated', { deprecated_at: AT }, AT],
    ['deprecated', { deprecated_at: BEFORE, eol_at: AFTER }, AT],
    ['eol', { deprecated_at: BEFORE, eol_at: AT }, AT],
    ['eol', { eol_at: AT }, AFTER],
  ])('is %s: %j at %s', (status, lifecycle, now) => {
    expect(lifecycleAt(lifecycle, now)).toBe(status);
  });

  it('keeps a version that is over from being promoted, unless that is known', () => {
    const version = {
      artifact: 'platform',
      label: 'v1.2.3',
      lifecycle: { eol_at: AT, replacement: 'v2.0.0' },
    };
    expect(endOfLife(version, false, BEFORE)).toBeUndefined();
    expect(endOfLife(version, true, AFTER)).toBeUndefined();
    expect(endOfLife(version, false, AFTER)).toMatchObject({
      refused: 'risk_not_acknowledged',
      data: { field: 'acknowledge_eol', eol_at: AT, replacement: 'v2.0.0' },
    });
    expect(endOfLife({ artifact: 'platform', label: 'v1.2.3' }, false, AFTER)).toBeUndefined();
  });
});
