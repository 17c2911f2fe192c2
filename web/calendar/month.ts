import type { FreezeView } from '../../functions/contract/freezes.ts';
import { windowsOf } from '../../functions/domain/freeze/windows.ts';

const DAY = 86_400_000;

/** A stretch of time on the calendar. */
export type Entry = {
  readonly key: string;
  readonly text: string;
  readonly look: 'freeze' | 'window' | 'promotion';
  readonly start: number;
  readonly end: number;
  readonly href?: string;
};

/** A stretch in one week: from which column, over how many, in which line. */
export type Bar = Entry & { readonly column: number; readonly columns: number; readonly line: number };
export type Week = { readonly days: readonly Date[]; readonly bars: readonly Bar[] };

/** The weeks, Monday to Sunday in the person's time zone, that a month lies in. */
export function weeksOf(year: number, month: number, entries: readonly Entry[]): readonly Week[] {
  const first = new Date(year, month, 1);
  const begin = 1 - ((first.getDay() + 6) % 7);
  const count = Math.ceil((new Date(year, month + 1, 0).getDate() + 1 - begin) / 7);
  return Array.from({ length: count }, (_, week) => {
    // By its date and not by hours: a day on which clocks change is longer or shorter.
    const days = Array.from({ length: 8 }, (__, day) => new Date(year, month, begin + week * 7 + day));
    return { days: days.slice(0, 7), bars: barsIn(days, entries) };
  });
}

/** Lines of bars that one week shows. */
const LINES = 4;

function barsIn(days: readonly Date[], entries: readonly Entry[]): readonly Bar[] {
  const lines: number[] = [];
  const edges = days.map((day) => day.getTime());
  const [begin = 0] = edges;
  const end = edges.at(-1) ?? 0;
  return entries
    .filter((entry) => entry.end > begin && entry.start < end)
    .toSorted((a, b) => a.start - b.start)
    .flatMap((entry) => {
      const column = Math.max(1, edges.filter((edge) => edge <= entry.start).length);
      const last = edges.slice(0, 7).filter((edge) => edge < entry.end).length;
      const line = [...Array(LINES).keys()].find((one) => (lines[one] ?? 0) < column);
      if (line === undefined) return [];
      lines[line] = last;
      return [{ ...entry, column, columns: Math.max(1, last - column + 1), line }];
    });
}

/** What a freeze covers between two instants, by the rules that the server judges by. */
export function entriesOf(freeze: FreezeView, from: number, to: number): readonly Entry[] {
  const { id, environment, reason, mode, rrule, timezone, starts_at, ends_at } = freeze;
  const windows = windowsOf({
    starts_at,
    ends_at,
    mode,
    ...(rrule === null ? {} : { rrule }),
    ...(timezone === null ? {} : { timezone }),
  });
  if (typeof windows !== 'function') return [];
  const where = environment === '*' ? 'everywhere' : environment;
  return [...windows(from, to)].map(({ start, end }) => ({
    key: `${id} ${start}`,
    text: `${where}: ${reason}`,
    look: mode === 'deny' ? 'freeze' : 'window',
    start,
    end,
  }));
}

/** A moment as an entry of its day. */
export const momentOf = (key: string, at: string, text: string, href: string): Entry => ({
  key,
  text,
  look: 'promotion',
  start: Date.parse(at),
  end: Date.parse(at) + 1,
  href,
});

/** The first and the last instant that a month's weeks can hold. */
export const around = (year: number, month: number): readonly [number, number] => [
  new Date(year, month, 1).getTime() - 7 * DAY,
  new Date(year, month + 1, 1).getTime() + 8 * DAY,
];
