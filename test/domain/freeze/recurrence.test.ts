import * as fc from 'fast-check';
import { RRuleTemporal } from 'rrule-temporal';
import { describe, expect, it } from 'vitest';
import { DAY } from '../../../functions/domain/freeze/calendar.ts';
import { parseRecurrence, type Recurrence } from '../../../functions/domain/freeze/recurrence.ts';

const dayOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY;
const dateOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

function parsed(rrule: string, start: string): Recurrence {
  const recurrence = parseRecurrence(rrule, dayOf(start));
  if ('problem' in recurrence) throw new Error(`${rrule}: ${recurrence.problem}`);
  return recurrence;
}
const dates = (rrule: string, start: string, to: string): readonly string[] =>
  [...parsed(rrule, start).days(dayOf(start), dayOf(to))].map(dateOf);

// The examples of RFC 5545, 3.8.5.3, that windows can have.
describe('a rule gives the days that RFC 5545 lists for it', () => {
  it.each([
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO', '1997-08-05', '0805 0810 0819 0824'],
    ['FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU', '1997-08-05', '0805 0817 0819 0831'],
    ['FREQ=MONTHLY;COUNT=4;BYDAY=1FR', '1997-09-05', '0905 1003 1107 1205'],
    ['FREQ=MONTHLY;INTERVAL=2;COUNT=4;BYDAY=1SU,-1SU', '1997-09-07', '0907 0928 1102 1130'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=-2MO', '1997-09-22', '0922 1020 1117'],
    ['FREQ=MONTHLY;COUNT=3;BYMONTHDAY=-3', '1997-09-28', '0928 1029 1128'],
    ['FREQ=MONTHLY;COUNT=5;BYMONTHDAY=1,-1', '1997-09-30', '0930 1001 1031 1101 1130'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3', '1997-09-04', '0904 1007 1106'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2', '1997-09-29', '0929 1030 1127'],
    ['FREQ=YEARLY;COUNT=4;BYMONTH=6,7', '1997-06-10', '0610 0710 0610 0710'],
    ['FREQ=YEARLY;COUNT=4;BYMONTH=3;BYDAY=TH', '1997-03-13', '0313 0320 0327 0305'],
    ['FREQ=MONTHLY;COUNT=3;BYDAY=FR;BYMONTHDAY=13', '1997-09-02', '0213 0313 1113'],
    [
      'FREQ=YEARLY;INTERVAL=4;COUNT=2;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8',
      '1996-11-05',
      '1105 1107',
    ],
  ])('%s from %s', (rrule, start, expected) => {
    const found = dates(rrule, start, '2010-01-01').map((date) => date.slice(5).replace('-', ''));
    expect(found.join(' ')).toBe(expected);
  });

  it('up to the last day of a date and the last instant of a time', () => {
    expect(dates('FREQ=DAILY;UNTIL=19970904', '1997-09-02', '1998-01-01')).toHaveLength(3);
    expect(parsed('FREQ=DAILY;UNTIL=19970904T090000Z', '1997-09-02').until).toBe(
      Date.parse('1997-09-04T09:00:00Z'),
    );
  });
});

describe('a rule', () => {
  const weekday = fc.constantFrom('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU');
  const listOf = (one: fc.Arbitrary<string | number>) =>
    fc.uniqueArray(one, { minLength: 1, maxLength: 3 }).map((list) => list.join(','));
  const month = fc.integer({ min: 1, max: 12 });
  const date = fc.integer({ min: -31, max: 31 }).filter((each) => each !== 0);
  const nth = fc.tuple(fc.constantFrom('1', '2', '-1', '-2', '3'), weekday).map(([n, day]) => n + day);
  const rule = fc
    .record(
      {
        FREQ: fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
        INTERVAL: fc.integer({ min: 1, max: 3 }),
        BYMONTH: listOf(month),
        BYMONTHDAY: listOf(date),
        // The other implementation drops plain weekdays beside numbered ones.
        BYDAY: fc.oneof(listOf(weekday), listOf(nth)),
        WKST: weekday,
      },
      { requiredKeys: ['FREQ'] },
    )
    .filter(({ FREQ, BYMONTHDAY, BYDAY }) => {
      if (FREQ === 'WEEKLY' && BYMONTHDAY !== undefined) return false;
      const isNumbered = /\d/.test(BYDAY ?? '');
      // What a numbered weekday means beside dates is nowhere written.
      return !isNumbered || ((FREQ === 'MONTHLY' || FREQ === 'YEARLY') && BYMONTHDAY === undefined);
    })
    .map((parts) =>
      Object.entries(parts)
        .map((part) => part.join('='))
        .join(';'),
    );

  it('gives the days that another implementation gives', () => {
    const from = fc.integer({ min: dayOf('2024-01-01'), max: dayOf('2027-12-31') });
    fc.assert(
      fc.property(rule, from, (rrule, start) => {
        const ours = parseRecurrence(rrule, start);
        const to = start + 800;
        const judged = new RRuleTemporal({
          rruleString: `DTSTART:${dateOf(start).replaceAll('-', '')}T000000Z\nRRULE:${rrule}`,
          maxIterations: 100_000,
        });
        const theirs = judged
          .between(new Date(start * DAY), new Date(to * DAY), true)
          .map((occurrence) => occurrence.epochMilliseconds / DAY);
        if ('problem' in ours) expect([rrule, theirs]).toEqual([rrule, []]);
        else
          expect([rrule, dateOf(start), ...ours.days(start, to)]).toEqual([rrule, dateOf(start), ...theirs]);
      }),
      { seed: 20261122, numRuns: 120 },
    );
  });

  it('gives the same days wherever the search begins', () => {
    fc.assert(
      fc.property(rule, fc.integer({ min: 0, max: 700 }), (rrule, skipped) => {
        const start = dayOf('2025-05-31');
        const ours = parseRecurrence(rrule, start);
        if ('problem' in ours) return;
        const whole = [...ours.days(start, start + 900)].filter((day) => day >= start + skipped);
        expect([...ours.days(start + skipped, start + 900)]).toEqual(whole);
      }),
      { seed: 20261122, numRuns: 300 },
    );
  });

  it.each([
    ['FREQ=DAILY;COUNT=9999', 'must reach its COUNT within 10 years: lower COUNT or use UNTIL'],
    ['FREQ=YEARLY;COUNT=20', 'must reach its COUNT within 10 years: lower COUNT or use UNTIL'],
    ['FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'must give a window within 40 years of starts_at'],
    ['FREQ=DAILY;UNTIL=20261340', 'must have an UNTIL that is in the calendar'],
    ['FREQ=WEEKLY;BYMONTHDAY=3', 'cannot have BYMONTHDAY with FREQ=WEEKLY'],
    ['FREQ=WEEKLY;BYDAY=1MO', 'can number the days of BYDAY only with FREQ=MONTHLY or YEARLY'],
    ['FREQ=WEEKLY;BYDAY=+MO', 'has a part that a window cannot have: BYDAY=+MO'],
  ])('%s is refused', (rrule, problem) => {
    expect(parseRecurrence(rrule, dayOf('2026-11-22'))).toEqual({ problem });
  });

  it('that seldom fits gives its days', () => {
    const rrule = 'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU';
    expect(dates(rrule, '2000-01-01', '2040-01-01')).toEqual(['2004-02-29', '2032-02-29']);
  });
});
