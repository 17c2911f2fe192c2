import { describe, expect, it } from 'vitest';
import type { Freeze } from '../../../functions/domain/freeze/freeze.ts';
import { opensTime } from '../../../functions/domain/freeze/opens.ts';

const NOW = '2026-12-01T00:00:00.000Z';
const day = (number: number) => `2026-12-${String(number).padStart(2, '0')}T00:00:00.000Z`;
const freeze = (mode: Freeze['mode'], from: number, to: number, more: Partial<Freeze> = {}): Freeze => ({
  ...{ id: `${mode}-${from}-${to}`, environment: 'production', reason: 'fair', mode, on_due: 'wait' },
  ...{ created_by: 'admin', version: 1, created_at: NOW, updated_at: NOW },
  starts_at: day(from),
  ends_at: day(to),
  ...more,
});
const [DENY, ALLOW] = [freeze('deny', 10, 20), freeze('allow', 10, 20)];
const DAILY = { rrule: 'FREQ=DAILY', timezone: 'UTC' };

type Case = [what: string, before: Freeze | undefined, after: Freeze | undefined, others?: readonly Freeze[]];

describe('a change of the freezes of a scope', () => {
  it.each<Case>([
    ['a window that denies goes', DENY, undefined],
    ['a window that denies ends early', DENY, freeze('deny', 10, 19)],
    ['a window that denies begins late', DENY, freeze('deny', 11, 20)],
    [
      'a daily window that denies begins at another time',
      { ...DENY, ...DAILY },
      freeze('deny', 9, 20, DAILY),
    ],
    ['a window that denies allows instead', DENY, ALLOW],
    ['the only window that allows goes: outside of it nothing executed', ALLOW, undefined],
    ['the only window that allows denies instead', ALLOW, freeze('deny', 10, 20)],
    ['a window that allows ends later', ALLOW, freeze('allow', 10, 21)],
    ['a window that allows begins earlier', ALLOW, freeze('allow', 9, 20)],
    ['a window that allows comes daily', ALLOW, freeze('allow', 10, 20, DAILY)],
    ['a window that allows is added to another', undefined, ALLOW, [freeze('allow', 1, 2)]],
  ])('opens time where %s', (_, before, after, others = []) => {
    expect(opensTime({ before, after, others }, NOW)).toBe(true);
  });

  it.each<Case>([
    ['a window that denies is added', undefined, DENY],
    ['a window that denies lasts longer', DENY, freeze('deny', 9, 21)],
    ['a window that denied once is over', DENY, undefined],
    ['the first window that allows is added', undefined, ALLOW, [DENY]],
    ['a window that allows ends earlier', ALLOW, freeze('allow', 10, 19)],
    ['one of two windows that allow goes', ALLOW, undefined, [freeze('allow', 1, 2)]],
  ])('opens none where %s', (what, before, after, others = []) => {
    expect(opensTime({ before, after, others }, what.endsWith('is over') ? day(20) : NOW)).toBe(false);
  });

  it('opens time where a daily window goes, however long ago it began', () => {
    expect(opensTime({ before: { ...DENY, ...DAILY }, after: undefined, others: [] }, day(25))).toBe(true);
  });
});
