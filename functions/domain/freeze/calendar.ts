/** Days of the calendar as numbers: whole days since 1970-01-01, of no time zone. Names `Date` only to convert. */

/** A day's place in the calendar. `month` counts from 1, `weekday` from Monday, which is 0. */
export type CalendarDay = {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly weekday: number;
};

/** Milliseconds of a day without changes of the clock. */
export const DAY = 86_400_000;

/** The number of a day from the year 1970 on. */
export function dayNumber(year: number, month: number, date: number): number {
  return Date.UTC(year, month - 1, date) / DAY;
}

/** Where a day lies in the calendar. */
export function calendarDay(day: number): CalendarDay {
  const at = new Date(day * DAY);
  return {
    year: at.getUTCFullYear(),
    month: at.getUTCMonth() + 1,
    date: at.getUTCDate(),
    weekday: weekdayOf(day),
  };
}

/** Days of a month. */
export function daysOfMonth(year: number, month: number): number {
  return dayNumber(year, month + 1, 1) - dayNumber(year, month, 1);
}

/** The day of the week, from Monday, which is 0. 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return modulo(day + 3, 7);
}

/** The remainder that is never negative. */
export function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
