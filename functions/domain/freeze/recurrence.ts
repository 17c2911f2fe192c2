import { RRuleTemporal } from 'rrule-temporal';
import { toInstant } from '../instant.ts';
import type { Around, Freeze, Recurring } from './freeze.ts';

/** The parts of a rule that windows may have. The time of day is that of `starts_at`, so no hours, minutes or seconds. */
const PARTS: { readonly [part: string]: RegExp } = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,3}$/,
  UNTIL: /^\d{8}(T\d{6}Z)?$/,
  BYDAY: /^([+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU))(,[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU))*$/,
  BYMONTHDAY: /^-?([1-9]|[12]\d|3[01])(,-?([1-9]|[12]\d|3[01]))*$/,
  BYMONTH: /^([1-9]|1[0-2])(,([1-9]|1[0-2]))*$/,
  BYSETPOS: /^-?[1-9]\d{0,2}(,-?[1-9]\d{0,2})*$/,
  WKST: /^(MO|TU|WE|TH|FR|SA|SU)$/,
};

/** What makes a freeze come again. */
export type Recurrence = Pick<Freeze, 'starts_at' | 'ends_at' | 'rrule' | 'timezone'>;

/** Why windows cannot come again so, as a field and its problem; `undefined` when they can. */
export function recurrenceProblem(freeze: Recurrence): { field: string; problem: string } | undefined {
  const { rrule = '', timezone = 'UTC' } = freeze;
  const seen = new Set<string>();
  for (const part of rrule.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    const twice = seen.has(name);
    seen.add(name);
    if (twice || rest.length > 0 || PARTS[name]?.test(value) !== true) {
      return { field: 'rrule', problem: `has a part that a window cannot have: ${part}` };
    }
  }
  if (!seen.has('FREQ')) return { field: 'rrule', problem: 'must have FREQ' };
  if (!isZone(timezone)) return { field: 'timezone', problem: 'must be a time zone such as Europe/Berlin' };
  try {
    if (new Windows(freeze).startsAfter(undefined) !== undefined) return undefined;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return { field: 'rrule', problem: 'must give at least one window' };
}

/**
 * Windows about instants, each rule parsed once. A window starts at the same time of day in its zone and ends as long after by the
 * clock on the wall, so that it keeps both through changes of the clock. Throws on a rule that `recurrenceProblem` refuses.
 */
export function recurring(): Recurring {
  const known = new Map<Freeze, Windows>();
  return (freeze, instant) => {
    const windows = known.get(freeze) ?? new Windows(freeze);
    known.set(freeze, windows);
    return windows.around(instant);
  };
}

class Windows {
  readonly #rule;
  readonly #zone: string;
  readonly #length;

  constructor({ starts_at, ends_at, rrule = '', timezone = 'UTC' }: Recurrence) {
    this.#zone = timezone;
    const dtstart = zoned(starts_at, timezone);
    this.#rule = new RRuleTemporal({ rruleString: `RRULE:${rrule}`, dtstart, tzid: timezone });
    const end = new RRuleTemporal({ freq: 'DAILY', count: 1, dtstart: zoned(ends_at, timezone) });
    const from = this.#rule.options().dtstart.toPlainDateTime();
    this.#length = from.until(end.options().dtstart.toPlainDateTime(), { largestUnit: 'day' });
  }

  /** The start of the first window after an instant, or of the first of all. */
  startsAfter(instant: string | undefined): string | undefined {
    const found = this.#rule.next(instant === undefined ? undefined : zoned(instant, this.#zone));
    return found === null ? undefined : textOf(found);
  }

  around(instant: string): Around {
    const last = this.#rule.previous(zoned(instant, this.#zone), true);
    const ends_at = last === null ? undefined : textOf(this.#end(last));
    const next = this.startsAfter(instant);
    return {
      ...(ends_at === undefined || ends_at <= instant ? {} : { ends_at }),
      ...(next === undefined ? {} : { next }),
    };
  }

  #end(start: Occurrence) {
    return start.toPlainDateTime().add(this.#length).toZonedDateTime(this.#zone);
  }
}

type Occurrence = NonNullable<ReturnType<RRuleTemporal['next']>>;

/** An instant as the library takes it: it reads the text. */
function zoned(instant: string, timeZoneId: string) {
  return { timeZoneId, toString: () => `${instant}[${timeZoneId}]` };
}

function textOf(occurrence: Occurrence): string {
  const text = occurrence.toInstant().toString();
  return toInstant(text) ?? text;
}

function isZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
