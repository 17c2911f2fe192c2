import { describe, expect, it, vi } from 'vitest';
import type { Freeze } from '../../../functions/domain/freeze/freeze.ts';
import { frozenAt, stoppedAt } from '../../../functions/domain/freeze/frozen-at.ts';
import { windowsOf } from '../../../functions/domain/freeze/windows.ts';
import { Zone } from '../../../functions/domain/freeze/zone.ts';
import { checkedFreeze } from '../../../functions/use-cases/freezes/fields.ts';

const MINUTE = 60_000;
const usual = { mode: 'deny', on_due: 'wait' } as const;
const base: Freeze = {
  id: 'frz-1',
  environment: 'production',
  reason: 'payroll',
  starts_at: '2026-01-05T00:00:00.000Z',
  ends_at: '2026-01-05T01:00:00.000Z',
  mode: 'deny',
  on_due: 'wait',
  created_by: 'admin',
  version: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
};
const isFrozen = (freeze: Freeze, at: number) =>
  stoppedAt([freeze], new Date(at).toISOString()) !== undefined;

type Shown = { readonly minutes: number; readonly weekday: string };

/** What a clock on the wall shows, by the parts that a calendar prints: minutes of the day, and the weekday. */
function clockOf(timeZone: string): (at: number) => Shown {
  const seen = new Map<number, Shown>();
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, hourCycle: 'h23', weekday: 'short', hour: '2-digit', minute: '2-digit' },
  });
  const read = (at: number) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return { minutes: Number(parts['hour']) * 60 + Number(parts['minute']), weekday: parts['weekday'] ?? '' };
  };
  return (at) => {
    const shown = seen.get(at) ?? read(at);
    seen.set(at, shown);
    return shown;
  };
}

const zones = [
  { zone: 'Europe/Berlin', winter: '+01:00', changes: ['2026-03-29', '2026-10-25', '2027-03-28'] },
  { zone: 'America/New_York', winter: '-05:00', changes: ['2026-03-08', '2026-11-01'] },
];
const times = [
  ['02:30', '08:00'],
  ['02:00', '06:00'],
  ['01:00', '02:30'],
  ['02:15', '02:45'],
  ['00:30', '01:30'],
  ['22:00', '02:30'],
] as const;
const cases = zones.flatMap((of) => times.map(([from, to]) => ({ ...of, from, to })));

const clocks = new Map<string, ReturnType<typeof clockOf>>();

describe.each(cases)('$from to $to in $zone, around each change of the clock', (of) => {
  const { zone, winter, changes, from, to } = of;
  const clock = clocks.get(zone) ?? clockOf(zone);
  clocks.set(zone, clock);
  const minutesOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  const [start, end] = [minutesOf(from), minutesOf(to)];
  const instant = (day: string, time: string) => new Date(`${day}T${time}:00${winter}`).toISOString();
  // 5 January 2026 is a Monday.
  const freeze = (mode: Freeze['mode'], rrule: string): Freeze => ({
    ...base,
    mode,
    rrule,
    timezone: zone,
    starts_at: instant('2026-01-05', from),
    ends_at: instant(end > start ? '2026-01-05' : '2026-01-06', to),
  });
  /** Whether the clock on the wall shows a time inside the window. */
  const inside = (at: number, days: (weekday: string) => boolean) => {
    const { minutes, weekday } = clock(at);
    const before = clock(at - 24 * 60 * MINUTE).weekday;
    if (end > start) return minutes >= start && minutes < end && days(weekday);
    return (minutes >= start && days(weekday)) || (minutes < end && days(before));
  };
  /** The clock shows this time twice. */
  const inDoubt = (at: number) =>
    [-60, 60].some((away) => clock(at + away * MINUTE).minutes === clock(at).minutes);
  const instants = changes.flatMap((day) => {
    const first = Date.parse(`${day}T00:00:00${winter}`) - 12 * 60 * MINUTE;
    return Array.from({ length: (2 * 24 * 60) / 15 }, (_, index) => first + index * 15 * MINUTE);
  });

  it.each([
    ['FREQ=DAILY', () => true],
    ['FREQ=WEEKLY;BYDAY=SA,SU', (weekday: string) => weekday === 'Sat' || weekday === 'Sun'],
  ] as const)('%s denies what the clock on the wall shows inside, and allows nothing else', (rrule, days) => {
    const [deny, allow] = [freeze('deny', rrule), freeze('allow', rrule)];
    for (const at of instants) {
      const shown = inside(at, days);
      const [denied, allowed] = [isFrozen(deny, at), !isFrozen(allow, at)];
      const told = new Date(at).toISOString();
      if (inDoubt(at)) {
        if (shown) expect([told, denied]).toEqual([told, true]);
        else expect([told, allowed]).toEqual([told, false]);
      } else expect([told, denied, allowed]).toEqual([told, shown, shown]);
    }
  });
});

describe('a start that the clock skips', () => {
  it.each([
    ['Europe/Berlin', '2027-01-01T01:30:00Z', '2027-01-01T07:00:00Z', '2027-03-28', 'T01:00:00', 'T06:00:00'],
    [
      'America/New_York',
      '2026-01-01T07:00:00Z',
      '2026-01-01T11:00:00Z',
      '2026-03-08',
      'T07:00:00',
      'T10:00:00',
    ],
  ])('in %s is the end of the gap', (timezone, starts_at, ends_at, day, from, to) => {
    const fields = { ...usual, reason: 'payroll', starts_at, ends_at, rrule: 'FREQ=DAILY', timezone };
    const freeze = { ...base, ...sure(checkedFreeze(fields)) };
    const start = `${day}${from}.000Z`;
    expect(frozenAt([freeze], `${day}T00:00:00.000Z`)).toMatchObject({ frozen: false, next_close: start });
    expect(frozenAt([freeze], start)).toMatchObject({ frozen: true, next_open: `${day}${to}.000Z` });
  });
});

describe('a freeze that cannot be', () => {
  const weekly = { reason: 'payroll', rrule: 'FREQ=WEEKLY', timezone: 'Europe/Berlin' };
  it.each([
    // 02:30 to 02:30, and 02:50 to 02:10, by the clock on the wall.
    [{ ...weekly, starts_at: '2027-10-31T00:30:00Z', ends_at: '2027-10-31T01:30:00Z' }, 'ends_at'],
    [{ ...weekly, starts_at: '2027-10-31T00:50:00Z', ends_at: '2027-10-31T01:10:00Z' }, 'ends_at'],
    [{ ...weekly, starts_at: '1969-10-31T00:50:00Z', ends_at: '1969-10-31T08:10:00Z' }, 'starts_at'],
    [{ ...weekly, ...base, rrule: 'FREQ=DAILY;COUNT=9999' }, 'rrule'],
  ])('is refused by its field', ({ reason, starts_at, ends_at, rrule, timezone }, field) => {
    const refused = checkedFreeze({ ...usual, reason, starts_at, ends_at, rrule, timezone });
    expect(refused).toMatchObject({ refused: 'invalid_request', data: { errors: [{ field }] } });
  });

  it('but is stored denies always, and says why and what to do', () => {
    const stored = { ...base, rrule: 'FREQ=HOURLY', timezone: 'UTC', on_due: 'fail' } as const;
    const reason =
      'payroll (always: rrule has a part that a window cannot have: FREQ=HOURLY; change or lift freeze frz-1)';
    expect(frozenAt([stored], '2026-05-05T00:00:00.000Z')).toEqual({ frozen: true, reason, on_due: 'fail' });
    expect(stoppedAt([stored], '2026-05-05T00:00:00.000Z')).toEqual({ reason, on_due: 'fail' });
  });

  it.each([
    { timezone: 'Mars/Olympus', rrule: 'FREQ=DAILY' },
    { rrule: 'FREQ=DAILY;COUNT=9999' },
    { rrule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' },
    { starts_at: 'yesterday' },
    { ends_at: base.starts_at },
  ])('but is stored with %o allows nothing', (changes) => {
    const at = '2026-01-05T00:30:00.000Z';
    const stored = { ...base, ...changes };
    expect(frozenAt([stored], at).frozen).toBe(true);
    expect(frozenAt([{ ...stored, mode: 'allow' }], at).frozen).toBe(true);
    expect(
      frozenAt(
        [
          { ...stored, mode: 'allow' },
          { ...base, mode: 'allow' },
        ],
        at,
      ).frozen,
    ).toBe(false);
  });
});

describe('looking at freezes costs little', () => {
  const zone = 'Europe/Berlin';
  /** Starts and ends of windows that were looked at. */
  function looks(look: () => void): number {
    const shown = vi.spyOn(Zone.prototype, 'shown');
    look();
    const { length } = shown.mock.calls;
    shown.mockRestore();
    return length;
  }

  it.each([
    ['a rule without a gap', 'FREQ=DAILY', '2026-01-06T00:00:00Z'],
    ['a rule that seldom fits', 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU', '2026-01-05T01:00:00Z'],
    ['a rule with a count', 'FREQ=DAILY;COUNT=3660', '2026-01-05T01:00:00Z'],
  ])('%s, at the last day there is', (_, rrule, ends_at) => {
    const fields = {
      ...usual,
      reason: 'x',
      starts_at: '2026-01-05T00:00:00Z',
      ends_at,
      rrule,
      timezone: zone,
    };
    const freeze = { ...base, ...sure(checkedFreeze(fields)) };
    const looked = looks(() => {
      expect(frozenAt([freeze], '9999-12-30T00:00:00.000Z')).not.toHaveProperty('next_open');
    });
    // A start and an end for each day of two horizons, when all windows must be passed through.
    expect(looked).toBeLessThan(2 * (2 * 366 + 5));
  });

  it('which looks at no window but those that are near', () => {
    const daily = { ...base, rrule: 'FREQ=DAILY', timezone: zone };
    const looked = looks(() => expect(stoppedAt([daily], '2045-06-01T12:00:00.000Z')).toBeUndefined());
    expect(looked).toBeGreaterThan(0);
    expect(looked).toBeLessThan(10);
  });
});

it('windows without a gap are one', () => {
  const daily = { ...base, ends_at: '2026-01-06T00:00:00.000Z', rrule: 'FREQ=DAILY;COUNT=5' };
  const windows = windowsOf(daily);
  if (typeof windows !== 'function') throw new Error(windows.problem);
  const start = Date.parse(base.starts_at);
  expect([...windows(start, start + 100 * 24 * 60 * MINUTE)]).toEqual([
    { start, end: start + 5 * 24 * 60 * MINUTE },
  ]);
});

function sure(checked: ReturnType<typeof checkedFreeze>) {
  if ('refused' in checked) throw new Error(checked.detail);
  return checked;
}

it('a window that ends when one begins to look is over, and one that starts where one stops looking is not reached', () => {
  const windows = windowsOf(base);
  if (!('call' in windows)) throw new Error(windows.problem);
  const [start, end] = [Date.parse(base.starts_at), Date.parse(base.ends_at)];
  const seen = (from: number, to: number) => [...windows(from, to)];
  expect(seen(end, end + MINUTE)).toEqual([]);
  expect(seen(start - MINUTE, start)).toEqual([]);
  expect(seen(end - 1, end)).toEqual([{ start, end }]);
  expect(seen(start - 1, start + 1)).toEqual([{ start, end }]);
});
