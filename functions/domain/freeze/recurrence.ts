import { milliseconds, toInstant } from '../instant.ts';
import { type CalendarDay, calendarDay, dayNumber, daysOfMonth, modulo, weekdayOf } from './calendar.ts';

/** The parts of a rule (RFC 5545, 3.3.10) that windows may have. The time of day is that of `starts_at`: no hours, minutes, seconds. */
const PARTS: { readonly [part: string]: RegExp } = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,3}$/,
  UNTIL: /^\d{8}(T\d{6}Z)?$/,
  BYDAY: /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*$/,
  BYMONTHDAY: /^-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*$/,
  BYMONTH: /^([1-9]|1[0-2])(,([1-9]|1[0-2]))*$/,
  BYSETPOS: /^-?[1-9]\d{0,2}(,-?[1-9]\d{0,2})*$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};
const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Days looked through for the end of a rule with COUNT: ten years. */
const LONGEST_COUNT = 3_660;
/** Days looked through for a rule's first day. A 29 February on a given weekday comes after 40 years at the latest. */
const LONGEST_WAIT = 14_620;

type Freq = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
/** `nth` counts within the month or the year, from its end where negative; absent: every one. */
type ByDay = { readonly weekday: number; readonly nth?: number };

/** What a rule says of days. A day belongs to it when each list that is not empty names the day. */
type Rule = {
  readonly freq: Freq;
  readonly interval: number;
  readonly start: number;
  readonly by_day: readonly ByDay[];
  readonly by_month_day: readonly number[];
  readonly by_month: readonly number[];
  readonly by_set_pos: readonly number[];
  readonly week_start: number;
};

/** The days on which windows start, as numbers, and the last instant at which one may, in milliseconds since 1970. */
export type Recurrence = {
  readonly days: (from: number, to: number) => Iterable<number>;
  readonly until: number;
};

/** A rule from its first day on, or what is wrong with the rule. */
export function parseRecurrence(rrule: string, start: number): Recurrence | { readonly problem: string } {
  const parts = new Map<string, string>();
  for (const part of rrule.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (parts.has(name) || rest.length > 0 || PARTS[name]?.test(value) !== true) {
      return { problem: `has a part that a window cannot have: ${part}` };
    }
    parts.set(name, value);
  }
  const rule = ruleOf(parts, start);
  if ('problem' in rule) return rule;
  const until = untilOf(parts.get('UNTIL'));
  if (until === null) return { problem: 'must have an UNTIL that is in the calendar' };
  if (daysOf(rule, start, start + LONGEST_WAIT).next().done === true) {
    return { problem: 'must give a window within 40 years of starts_at' };
  }
  const last = lastDay(rule, Number(parts.get('COUNT') ?? 0));
  if (last === undefined)
    return { problem: 'must reach its COUNT within 10 years: lower COUNT or use UNTIL' };
  const end = Math.min(last, until?.day ?? last);
  return {
    days: (from, to) => daysOf(rule, from, Math.min(to, end)),
    until: until?.instant ?? Number.POSITIVE_INFINITY,
  };
}

function ruleOf(parts: ReadonlyMap<string, string>, start: number): Rule | { readonly problem: string } {
  const freq = freqOf(parts.get('FREQ'));
  if (freq === undefined) return { problem: 'must have FREQ' };
  const by_day = listOf(parts.get('BYDAY')).map(byDay);
  const given = listOf(parts.get('BYMONTHDAY')).map(Number);
  if (freq === 'WEEKLY' && given.length > 0) return { problem: 'cannot have BYMONTHDAY with FREQ=WEEKLY' };
  if ((freq === 'DAILY' || freq === 'WEEKLY') && by_day.some(({ nth }) => nth !== undefined)) {
    return { problem: 'can number the days of BYDAY only with FREQ=MONTHLY or YEARLY' };
  }
  const { month, date, weekday } = calendarDay(start);
  const months = listOf(parts.get('BYMONTH')).map(Number);
  // What a rule leaves open is as on its first day.
  const dated = (freq === 'MONTHLY' || freq === 'YEARLY') && given.length === 0 && by_day.length === 0;
  return {
    freq,
    interval: Number(parts.get('INTERVAL') ?? 1),
    start,
    by_day: freq === 'WEEKLY' && by_day.length === 0 ? [{ weekday }] : by_day,
    by_month_day: dated ? [date] : given,
    by_month: freq === 'YEARLY' && dated && months.length === 0 ? [month] : months,
    by_set_pos: listOf(parts.get('BYSETPOS')).map(Number),
    week_start: WEEKDAYS.indexOf(parts.get('WKST') ?? 'MO'),
  };
}

function freqOf(text: string | undefined): Freq | undefined {
  return (['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const).find((freq) => freq === text);
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',');
}

function byDay(text: string): ByDay {
  const weekday = WEEKDAYS.indexOf(text.slice(-2));
  return text.length === 2 ? { weekday } : { weekday, nth: Number(text.slice(0, -2)) };
}

/** The last instant, or the last day, which counts whole; `null` for what the calendar does not have. */
function untilOf(text: string | undefined): { day?: number; instant?: number } | null | undefined {
  if (text === undefined) return undefined;
  const date = text.replace(/^(\d{4})(\d{2})(\d{2}).*$/, '$1-$2-$3');
  const time = text.replace(/^\d{8}(T(\d{2})(\d{2})(\d{2})Z)?$/, '$2:$3:$4');
  const instant = toInstant(`${date}T${text.length === 8 ? '00:00:00' : time}Z`);
  if (instant === undefined) return null;
  if (text.length > 8) return { instant: milliseconds(instant) };
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return { day: dayNumber(year, month, day) };
}

/** The day of the last window of a COUNT; endless without one, `undefined` when the count is not reached in time. */
function lastDay(rule: Rule, count: number): number | undefined {
  if (count === 0) return Number.POSITIVE_INFINITY;
  return daysOf(rule, rule.start, rule.start + LONGEST_COUNT)
    .drop(count - 1)
    .next().value;
}

/** The days of a rule between two, both included, in order. */
function* daysOf(rule: Rule, from: number, to: number): Generator<number, undefined> {
  const first = periodOf(rule, rule.start);
  const skipped = Math.floor((periodOf(rule, Math.max(from, rule.start)) - first) / rule.interval);
  for (let period = first + skipped * rule.interval; firstDay(rule, period) <= to; period += rule.interval) {
    for (const day of daysIn(rule, period)) {
      if (day > to) return;
      if (day >= from && day >= rule.start) yield day;
    }
  }
}

/** The days of one period of the frequency that the rule names, those before its start included. */
function daysIn(rule: Rule, period: number): readonly number[] {
  const days: number[] = [];
  const end = firstDay(rule, period + 1);
  for (let day = firstDay(rule, period); day < end; day += 1) if (names(rule, day)) days.push(day);
  if (rule.by_set_pos.length === 0) return days;
  return days.filter(
    (_, index) => rule.by_set_pos.includes(index + 1) || rule.by_set_pos.includes(index - days.length),
  );
}

function periodOf({ freq, week_start }: Rule, day: number): number {
  if (freq === 'DAILY') return day;
  if (freq === 'WEEKLY') return (day - modulo(weekdayOf(day) - week_start, 7) - weekOffset(week_start)) / 7;
  const { year, month } = calendarDay(day);
  return freq === 'YEARLY' ? year : year * 12 + month - 1;
}

function firstDay({ freq, week_start }: Rule, period: number): number {
  if (freq === 'DAILY') return period;
  if (freq === 'WEEKLY') return period * 7 + weekOffset(week_start);
  if (freq === 'YEARLY') return dayNumber(period, 1, 1);
  return dayNumber(Math.floor(period / 12), modulo(period, 12) + 1, 1);
}

/** The first day that begins a week. */
function weekOffset(week_start: number): number {
  return modulo(week_start - weekdayOf(0), 7);
}

function names({ freq, by_day, by_month_day, by_month }: Rule, day: number): boolean {
  const at = calendarDay(day);
  if (by_month.length > 0 && !by_month.includes(at.month)) return false;
  if (by_month_day.length > 0 && !by_month_day.some((date) => isDate(at, date))) return false;
  const ofYear = freq === 'YEARLY' && by_month.length === 0;
  return by_day.length === 0 || by_day.some((by) => isNth(at, day, by, ofYear));
}

function isDate({ year, month, date }: CalendarDay, wanted: number): boolean {
  return wanted > 0 ? date === wanted : date === daysOfMonth(year, month) + 1 + wanted;
}

/** Whether a day is the nth of its weekday in its month, or in its year. */
function isNth(at: CalendarDay, day: number, { weekday, nth }: ByDay, ofYear: boolean): boolean {
  if (at.weekday !== weekday) return false;
  if (nth === undefined) return true;
  const start = dayNumber(at.year, ofYear ? 1 : at.month, 1);
  const end = ofYear ? dayNumber(at.year + 1, 1, 1) : start + daysOfMonth(at.year, at.month);
  return nth > 0 ? Math.floor((day - start) / 7) + 1 === nth : Math.floor((end - 1 - day) / 7) + 1 === -nth;
}
