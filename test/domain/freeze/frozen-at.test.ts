import { describe, expect, it } from 'vitest';
import type { Freeze } from '../../../functions/domain/freeze/freeze.ts';
import { frozenAt, stoppedAt } from '../../../functions/domain/freeze/frozen-at.ts';
import { windowsOf } from '../../../functions/domain/freeze/windows.ts';

const once: Freeze = {
  id: 'frz-1',
  environment: 'production',
  reason: 'stocktaking',
  starts_at: '2026-12-20T00:00:00.000Z',
  ends_at: '2027-01-02T00:00:00.000Z',
  mode: 'deny',
  on_due: 'wait',
  created_by: 'admin',
  version: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
};
const freeze = (changes: Partial<Freeze>): Freeze => ({ ...once, ...changes });
const at = (instant: string, ...freezes: readonly Freeze[]) =>
  frozenAt(freezes, new Date(instant).toISOString());

describe('one window', () => {
  it('holds its first instant and not the one at its end', () => {
    expect(at('2026-12-19T23:59:59.999Z', once)).toEqual({ frozen: false, next_close: once.starts_at });
    const inside = { frozen: true, reason: 'stocktaking', on_due: 'wait', next_open: once.ends_at };
    expect(at('2026-12-20T00:00:00Z', once)).toEqual(inside);
    expect(at('2027-01-01T23:59:59.999Z', once)).toEqual(inside);
    expect(at('2027-01-02T00:00:00Z', once)).toEqual({ frozen: false });
    expect(at('2026-12-25T00:00:00Z')).toEqual({ frozen: false });
  });

  it('opens only when every window is over, and fails what is due when one of them says so', () => {
    const second = freeze({ starts_at: once.ends_at, ends_at: '2027-01-05T00:00:00.000Z' });
    const third = freeze({ starts_at: '2026-12-24T00:00:00.000Z', on_due: 'fail' });
    expect(at('2026-12-21T00:00:00Z', once, second)).toMatchObject({ next_open: second.ends_at });
    expect(at('2026-12-25T00:00:00Z', once, third)).toMatchObject({ on_due: 'fail' });
    expect(at('2026-12-21T00:00:00Z', once, third)).toMatchObject({ on_due: 'wait' });
  });

  it('that allows freezes all other time, in each scope of its own', () => {
    const open = freeze({ mode: 'allow', reason: 'only at the year’s end' });
    const everywhere = freeze({
      mode: 'allow',
      environment: '*',
      starts_at: '2026-12-30T00:00:00.000Z',
      ends_at: '2026-12-31T00:00:00.000Z',
    });
    expect(at('2026-12-01T00:00:00Z', open)).toMatchObject({ frozen: true, next_open: open.starts_at });
    expect(at('2026-12-21T00:00:00Z', open)).toEqual({ frozen: false, next_close: open.ends_at });
    expect(at('2026-12-21T00:00:00Z', open, everywhere)).toMatchObject({
      frozen: true,
      next_open: everywhere.starts_at,
      next_close: everywhere.ends_at,
    });
    const over = stoppedAt([open], '2027-02-01T00:00:00.000Z');
    expect(over).toEqual({ reason: open.reason, on_due: 'wait' });
  });
});

// Fridays 17:00 to Mondays 08:00 by the local clock. In 2026 Berlin changes on 29 March and 25 October, New York on 8 March and 1 November.
describe.each([
  {
    zone: 'Europe/Berlin',
    starts_at: '2026-01-02T16:00:00.000Z',
    ends_at: '2026-01-05T07:00:00.000Z',
    weekends: [
      ['2026-03-20T16:00:00.000Z', '2026-03-23T07:00:00.000Z'],
      ['2026-03-27T16:00:00.000Z', '2026-03-30T06:00:00.000Z'],
      ['2026-04-03T15:00:00.000Z', '2026-04-06T06:00:00.000Z'],
      ['2026-10-23T15:00:00.000Z', '2026-10-26T07:00:00.000Z'],
      ['2026-10-30T16:00:00.000Z', '2026-11-02T07:00:00.000Z'],
    ],
  },
  {
    zone: 'America/New_York',
    starts_at: '2026-01-02T22:00:00.000Z',
    ends_at: '2026-01-05T13:00:00.000Z',
    weekends: [
      ['2026-02-27T22:00:00.000Z', '2026-03-02T13:00:00.000Z'],
      ['2026-03-06T22:00:00.000Z', '2026-03-09T12:00:00.000Z'],
      ['2026-03-13T21:00:00.000Z', '2026-03-16T12:00:00.000Z'],
      ['2026-10-30T21:00:00.000Z', '2026-11-02T13:00:00.000Z'],
      ['2026-11-06T22:00:00.000Z', '2026-11-09T13:00:00.000Z'],
    ],
  },
])('every weekend in $zone', ({ zone, starts_at, ends_at, weekends }) => {
  const weekly = freeze({ starts_at, ends_at, rrule: 'FREQ=WEEKLY;BYDAY=FR', timezone: zone });
  const justBefore = (instant: string) => new Date(Date.parse(instant) - 1).toISOString();

  it.each(weekends)('is frozen from %s to %s', (start = '', end = '') => {
    expect(at(justBefore(start), weekly)).toEqual({ frozen: false, next_close: start });
    expect(at(start, weekly)).toMatchObject({ frozen: true, next_open: end });
    expect(at(justBefore(end), weekly)).toMatchObject({ frozen: true, next_open: end });
    expect(at(end, weekly)).toMatchObject({ frozen: false });
  });
});

describe('a recurrence', () => {
  it('keeps a night’s length by the clock on the wall through the night of a change', () => {
    const nightly = freeze({
      starts_at: '2026-03-01T21:00:00.000Z',
      ends_at: '2026-03-02T05:00:00.000Z',
      rrule: 'FREQ=DAILY',
      timezone: 'Europe/Berlin',
    });
    // 22:00 to 06:00; the night of 28 March has seven hours, that of 24 October nine.
    expect(at('2026-03-28T22:00:00Z', nightly)).toMatchObject({ next_open: '2026-03-29T04:00:00.000Z' });
    expect(at('2026-10-24T22:00:00Z', nightly)).toMatchObject({ next_open: '2026-10-25T05:00:00.000Z' });
  });

  it('ends with its count or its last time', () => {
    for (const rrule of ['FREQ=DAILY;COUNT=3', 'FREQ=DAILY;UNTIL=20261222T000000Z']) {
      const daily = freeze({ ends_at: '2026-12-20T01:00:00.000Z', rrule });
      expect(at('2026-12-22T00:30:00Z', daily)).toMatchObject({ next_open: '2026-12-22T01:00:00.000Z' });
      expect(at('2026-12-22T01:00:00Z', daily)).toEqual({ frozen: false });
    }
  });

  it.each([
    ['FREQ=SECONDLY', 'UTC', 'rrule'],
    ['BYDAY=FR', 'UTC', 'rrule'],
    ['FREQ=WEEKLY;BYDAY=XX', 'UTC', 'rrule'],
    ['FREQ=DAILY;FREQ=WEEKLY', 'UTC', 'rrule'],
    ['FREQ=DAILY\nEXDATE:1', 'UTC', 'rrule'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'UTC', 'rrule'],
    ['FREQ=DAILY', 'Mars/Olympus', 'timezone'],
  ])('%s in %s is none', (rrule, timezone, field) => {
    expect(windowsOf({ ...once, rrule, timezone })).toMatchObject({ field });
  });
});
