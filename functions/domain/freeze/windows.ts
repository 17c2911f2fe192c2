import { milliseconds } from '../instant.ts';
import { DAY } from './calendar.ts';
import type { Freeze } from './freeze.ts';
import { parseRecurrence, type Recurrence } from './recurrence.ts';
import { Zone } from './zone.ts';

/** What says when a freeze is. */
export type Times = Pick<Freeze, 'starts_at' | 'ends_at' | 'rrule' | 'timezone' | 'mode'>;

/** Time from `start` on and before `end`, in milliseconds since 1970. */
export type Span = { readonly start: number; readonly end: number };

/** The windows of a freeze that end after one instant and start before another, in order, each apart from the next. */
export type Windows = (from: number, to: number) => Iterable<Span>;

/** Why a freeze has no windows: a field and its problem. */
export type Unusable = { readonly field: string; readonly problem: string };

/**
 * The windows of a freeze. One that comes again starts at the same time of day in its zone and lasts as long by the clock on the wall.
 * Where the clock skips a start or an end, the end of the gap counts. Where the clock shows one twice, `deny` takes the longer window
 * and `allow` the shorter: the hour in doubt is frozen.
 */
export function windowsOf({ starts_at, ends_at, rrule, timezone = 'UTC', mode }: Times): Windows | Unusable {
  const [start, end] = [milliseconds(starts_at), milliseconds(ends_at)];
  if (end <= start) return { field: 'ends_at', problem: 'must be after starts_at' };
  if (rrule === undefined) return (from, to) => (end > from && start < to ? [{ start, end }] : []);
  const zone = Zone.named(timezone);
  if (zone === undefined) return { field: 'timezone', problem: 'must be a time zone such as Europe/Berlin' };
  if (start < 0) return { field: 'starts_at', problem: 'must be 1970 or later where rrule is given' };
  const length = zone.local(end) - zone.local(start);
  if (length <= 0) {
    return {
      field: 'ends_at',
      problem: `must be after starts_at by the clock in ${timezone}, which is set back`,
    };
  }
  const first = zone.local(start);
  const recurrence = parseRecurrence(rrule, Math.floor(first / DAY));
  if ('problem' in recurrence) return { field: 'rrule', ...recurrence };
  return (from, to) => joined(recurring({ zone, start, first, length, mode, recurrence }, from, to), from);
}

type Recurring = {
  readonly zone: Zone;
  /** The first window's start: as an instant, and by the zone's clock. */
  readonly start: number;
  readonly first: number;
  /** By the clock on the wall. */
  readonly length: number;
  readonly mode: Freeze['mode'];
  readonly recurrence: Recurrence;
};

function* recurring(of: Recurring, from: number, to: number): Generator<Span> {
  const { zone, length, recurrence, mode } = of;
  const time = of.first - Math.floor(of.first / DAY) * DAY;
  // One day more on either side covers every change of the clock.
  const earliest = Math.floor((zone.local(from) - length) / DAY) - 1;
  for (const day of recurrence.days(earliest, Math.floor(zone.local(to) / DAY) + 1)) {
    const opens = zone.shown(day * DAY + time);
    const closes = zone.shown(day * DAY + time + length);
    if (opens.first > recurrence.until) return;
    const [start, end] = mode === 'deny' ? [opens.first, closes.last] : [opens.last, closes.first];
    yield { start: Math.max(start, of.start), end };
  }
}

/** Spans that follow each other without a gap, as one. */
function* joined(spans: Iterable<Span>, from: number): Generator<Span> {
  let open: Span | undefined;
  for (const span of spans) {
    if (span.end <= from || span.end <= span.start) continue;
    if (open !== undefined && span.start > open.end) {
      yield open;
      open = undefined;
    }
    open = { start: open?.start ?? span.start, end: Math.max(open?.end ?? 0, span.end) };
  }
  if (open !== undefined) yield open;
}
