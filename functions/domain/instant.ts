/**
 * Instants as texts: RFC 3339 in UTC with milliseconds (`2026-11-21T09:00:00.000Z`), so text order is time order.
 * Names `Date` only to convert, as `freeze/calendar.ts` does: the present moment is always an input.
 */

const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const DURATION =
  /^(-)?P(?=.)(?:(\d{1,6})W|(?:(\d{1,6})D)?(?:T(?=.)(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?)$/;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The canonical form of an RFC 3339 instant with any offset, or `undefined` when the text is none. Leap seconds are none. */
export function toInstant(text: string): string | undefined {
  const [, year, month, day] = RFC_3339.exec(text) ?? [];
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (Number(day) > daysIn(Number(year), Number(month))) return undefined;
  const time = Date.parse(text);
  // Date.parse rolls a month 13 into nothing; an offset may push the year out of four digits.
  if (!Number.isFinite(time)) return undefined;
  const instant = new Date(time).toISOString();
  return instant.length === 'YYYY-MM-DDTHH:MM:SS.mmmZ'.length ? instant : undefined;
}

/** Whether a text is an RFC 3339 instant. */
export function isInstant(text: string): boolean {
  return toInstant(text) !== undefined;
}

/**
 * Milliseconds of an ISO 8601 duration of weeks, or of days, hours, minutes and seconds (`P7D`, `PT1M30S`, `-PT1M`).
 * `undefined` for any other text; years and months are refused, because they have no fixed length.
 */
export function durationMilliseconds(text: string): number | undefined {
  const parts = DURATION.exec(text);
  if (parts === null) return undefined;
  const [, sign, weeks, days, hours, minutes, seconds] = parts;
  const length =
    Number(weeks ?? 0) * 7 * DAY +
    Number(days ?? 0) * DAY +
    Number(hours ?? 0) * HOUR +
    Number(minutes ?? 0) * MINUTE +
    Math.round(Number(seconds ?? 0) * SECOND);
  return sign === undefined ? length : -length;
}

/** Whether a text is a duration that `addDuration` can add. */
export function isDuration(text: string): boolean {
  return durationMilliseconds(text) !== undefined;
}

/** How far a reporter's clock may run ahead of ours; what it says is then taken for now. */
export const CLOCK_AHEAD = 'PT5S';

/** The instant a duration later. Throws `RangeError` on a text that is no instant or no duration: parse at the edge. */
export function addDuration(instant: string, duration: string): string {
  const length = durationMilliseconds(duration);
  if (length === undefined) throw new RangeError(`${duration} is not a duration`);
  const sum = new Date(milliseconds(instant) + length);
  return sum.toISOString();
}

/** Whether `a` is strictly before `b`, whatever their offsets. Throws `RangeError` when one is no instant. */
export function isBefore(a: string, b: string): boolean {
  return milliseconds(a) < milliseconds(b);
}

/** Exact hours from one instant to a later one, negative when it is earlier. Throws `RangeError` when one is no instant. */
export function hoursBetween(from: string, to: string): number {
  return (milliseconds(to) - milliseconds(from)) / HOUR;
}

/** Whole seconds from 1970 to an instant, as protocols count them. Throws `RangeError` when it is none. */
export function unixSeconds(instant: string): number {
  return Math.floor(milliseconds(instant) / SECOND);
}

/** The earliest of some instants in canonical form. */
export function earliest(first: string, ...others: readonly string[]): string {
  return others.reduce((a, b) => (b < a ? b : a), first);
}

/** The latest of some instants in canonical form. */
export function latest(first: string, ...others: readonly string[]): string {
  return others.reduce((a, b) => (b > a ? b : a), first);
}

/** The instant at a number of milliseconds since 1970, or `undefined` outside the years 0 to 9999. */
export function atMilliseconds(time: number): string | undefined {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? undefined : toInstant(date.toISOString());
}

/** Milliseconds from 1970 to an instant. Throws `RangeError` when it is none. */
export function milliseconds(instant: string): number {
  const time = Date.parse(instant);
  // What was stored is in canonical form already: judging hundreds of reports compares thousands of instants.
  if (Number.isFinite(time) && new Date(time).toISOString() === instant) return time;
  const canonical = toInstant(instant);
  if (canonical === undefined) throw new RangeError(`${instant} is not an instant`);
  return Date.parse(canonical);
}

function daysIn(year: number, month: number): number {
  if (month < 1 || month > 12) return 0;
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'] as const;

/** An instant as people read it: `Thu 2026-03-12 14:06 UTC`. A text that is none stays as it is. */
export function spokenInstant(instant: string): string {
  const canonical = toInstant(instant);
  if (canonical === undefined) return instant;
  const weekday = WEEKDAYS[new Date(canonical).getUTCDay()];
  return `${weekday} ${canonical.slice(0, 10)} ${canonical.slice(11, 16)} UTC`;
}
