import { addDuration } from '../instant.ts';
import type { InEnvironment, Kind, Subject } from '../subject.ts';
import type { Tally } from './tally.ts';

/** What is added up: all that an environment got, or one subject there. */
export type RollUpScope = InEnvironment & { readonly subject?: Subject };

/** The deployments that began on one day (UTC, `2026-11-22`) within a scope, by kind. */
export type RollUp = {
  readonly scope: RollUpScope;
  readonly day: string;
  readonly kinds: { readonly [kind in Kind]?: Tally };
  /** Of one subject: the version up to which all that it counts is on the timeline. Another than `version`: code from before timelines counted. */
  readonly placed?: number;
  readonly version: number;
};

export const INTERVALS = ['day', 'week', 'month'] as const;
export type Interval = (typeof INTERVALS)[number];

/** Both days included. */
export type Span = { readonly from: string; readonly to: string };

/** A span cut into days, weeks (from Monday, ISO 8601) or months; the first and the last may be cut short. */
export function cut({ from, to }: Span, interval: Interval): readonly Span[] {
  const spans: Span[] = [];
  for (let day = from; day <= to; ) {
    const last = earlier(lastOf(day, interval), to);
    spans.push({ from: day, to: last });
    day = after(last, 1);
  }
  return spans;
}

/** The day so many days after another, or before. */
export function after(day: string, days: number): string {
  return addDuration(`${day}T00:00:00.000Z`, days < 0 ? `-P${-days}D` : `P${days}D`).slice(0, 10);
}

/** Days of a span. */
export function lengthOf({ from, to }: Span): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;
}

function lastOf(day: string, interval: Interval): string {
  switch (interval) {
    case 'day':
      return day;
    case 'week': {
      // 1970-01-05 was a Monday.
      const weekday = (lengthOf({ from: '1970-01-05', to: day }) - 1) % 7;
      return after(day, 6 - weekday);
    }
    case 'month': {
      const next = after(`${day.slice(0, 7)}-28`, 4);
      return after(`${next.slice(0, 7)}-01`, -1);
    }
    default:
      return interval satisfies never;
  }
}

function earlier(a: string, b: string): string {
  return a < b ? a : b;
}
