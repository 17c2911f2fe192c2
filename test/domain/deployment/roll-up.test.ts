import { describe, expect, it } from 'vitest';
import type { Counted } from '../../../functions/domain/deployment/deployment.ts';
import {
  cut,
  after as dayAfter,
  type Interval,
  lengthOf,
} from '../../../functions/domain/deployment/roll-up.ts';
import { NO_DEPLOYMENTS, together, withCounted } from '../../../functions/domain/deployment/tally.ts';

describe('days', () => {
  it('follow each other over months and leap years, and go back', () => {
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
    expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
    expect(dayAfter('2026-03-01', -1)).toBe('2026-02-28');
    expect(dayAfter('2026-03-01', 0)).toBe('2026-03-01');
  });

  it('of a span are counted with both ends', () => {
    expect(lengthOf({ from: '2026-11-22', to: '2026-11-22' })).toBe(1);
    expect(lengthOf({ from: '2026-11-22', to: '2026-12-01' })).toBe(10);
  });
});

describe('a span is cut', () => {
  const spans = (from: string, to: string, interval: Interval) =>
    cut({ from, to }, interval).map((span) => `${span.from} ${span.to}`);

  it('into days', () => {
    expect(spans('2026-11-29', '2026-12-01', 'day')).toEqual([
      '2026-11-29 2026-11-29',
      '2026-11-30 2026-11-30',
      '2026-12-01 2026-12-01',
    ]);
  });

  it('into weeks from Monday, the first and the last cut short', () => {
    // 2026-11-21 is a Saturday.
    expect(spans('2026-11-21', '2026-12-01', 'week')).toEqual([
      '2026-11-21 2026-11-22',
      '2026-11-23 2026-11-29',
      '2026-11-30 2026-12-01',
    ]);
    expect(spans('2026-11-23', '2026-11-29', 'week')).toEqual(['2026-11-23 2026-11-29']);
  });

  it('into months of any length, the first and the last cut short', () => {
    expect(spans('2026-01-30', '2026-03-02', 'month')).toEqual([
      '2026-01-30 2026-01-31',
      '2026-02-01 2026-02-28',
      '2026-03-01 2026-03-02',
    ]);
    expect(spans('2026-12-31', '2027-01-31', 'month')).toEqual([
      '2026-12-31 2026-12-31',
      '2027-01-01 2027-01-31',
    ]);
  });

  it('into nothing when it ends before it begins', () => {
    expect(spans('2026-12-02', '2026-12-01', 'day')).toEqual([]);
  });
});

describe('a tally', () => {
  const served: Counted = { status: 'DEPLOYED', live: true, duration: 60, lead: 90, recoveries: [5, 7] };
  const failed: Counted = { status: 'FAILED', live: false, unplanned: true, recoveries: [] };
  const taken_back: Counted = { status: 'ROLLED_BACK', live: true, unplanned: false, recoveries: [] };

  it('counts one that serves with its lengths', () => {
    expect(withCounted(NO_DEPLOYMENTS, served, 1)).toEqual({
      ...NO_DEPLOYMENTS,
      deployed: 1,
      duration: [[60, 1]],
      lead: [[90, 1]],
      recovery: [
        [5, 1],
        [7, 1],
      ],
    });
  });

  it('counts one that failed, whose lead time is no question as it never served', () => {
    expect(withCounted(NO_DEPLOYMENTS, failed, 1)).toEqual({ ...NO_DEPLOYMENTS, failed: 1, unplanned: 1 });
  });

  it('counts one that served without a known lead time as such', () => {
    expect(withCounted(NO_DEPLOYMENTS, taken_back, 1)).toEqual({
      ...NO_DEPLOYMENTS,
      rolled_back: 1,
      lead_unknown: 1,
      planned: 1,
    });
  });

  it.each([served, failed, taken_back])('is as before once what it counted is taken out: %j', (counted) => {
    const before = withCounted(withCounted(NO_DEPLOYMENTS, served, 1), failed, 1);
    expect(withCounted(withCounted(before, counted, 1), counted, -1)).toEqual(before);
  });

  it('of several is the sum of each number', () => {
    const [one, two] = [served, failed].map((counted) => withCounted(NO_DEPLOYMENTS, counted, 1));
    const three = withCounted(NO_DEPLOYMENTS, taken_back, 1);
    if (one === undefined || two === undefined) throw new Error('there are two');
    const all = [served, failed, taken_back].reduce(
      (tally, counted) => withCounted(tally, counted, 1),
      NO_DEPLOYMENTS,
    );
    expect(together([one, two, three])).toEqual(all);
    expect(together([])).toEqual(NO_DEPLOYMENTS);
  });
});
