import { DAY } from './calendar.ts';

/** Instants at which a zone's wall clock shows a time: the first and the last, which differ where the clock is set back. */
export type Shown = { readonly first: number; readonly last: number };

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/;
/** Zones, and days of one zone, that are remembered before all are forgotten: making a zone takes a millisecond. */
const MOST_ZONES = 50;
const MOST_DAYS = 5_000;

const known = new Map<string, Zone>();

/** A time zone of the tz database. A local time is milliseconds counted as if the wall clock were set to UTC. */
export class Zone {
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  private constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  /** The zone of a name such as `Europe/Berlin`, or `undefined` when there is none. */
  static named(name: string): Zone | undefined {
    try {
      const zone = known.get(name) ?? new Zone(name);
      if (known.size >= MOST_ZONES) known.clear();
      known.set(name, zone);
      return zone;
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /** What the wall clock shows at an instant. */
  local(instant: number): number {
    return instant + this.#offset(instant);
  }

  /** When the wall clock shows a local time. Where the clock skips that time, both are the end of the gap. */
  shown(local: number): Shown {
    // No offset exceeds 14 hours: a day earlier and later lie on the two sides of a change that concerns this time.
    const before = this.#offset(local - DAY);
    const after = this.#offset(local + DAY);
    const fitting = [local - before, local - after].filter((instant) => this.local(instant) === local);
    const [one, other = one] = fitting;
    if (one === undefined || other === undefined) {
      const end = this.#change(local - DAY, local + DAY);
      return { first: end, last: end };
    }
    return { first: Math.min(one, other), last: Math.max(one, other) };
  }

  /** The instant of the change between two that have different offsets. */
  #change(before: number, after: number): number {
    const offset = this.#offset(after);
    let [low, high] = [before, after];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.#offset(middle) === offset) high = middle;
      else low = middle;
    }
    return high;
  }

  /** No zone changes its clock twice in a day: where a day begins and ends with one offset, it has that offset throughout. */
  #offset(instant: number): number {
    const day = Math.floor(instant / DAY);
    const offset = this.#ofDay(day);
    return offset === this.#ofDay(day + 1) ? offset : this.#read(instant);
  }

  #ofDay(day: number): number {
    const found = this.#offsets.get(day);
    if (found !== undefined) return found;
    if (this.#offsets.size >= MOST_DAYS) this.#offsets.clear();
    const offset = this.#read(day * DAY);
    this.#offsets.set(day, offset);
    return offset;
  }

  #read(instant: number): number {
    const text = this.#format.format(instant);
    const found = OFFSET.exec(text);
    if (found === null) throw new RangeError(`${text} names no offset`);
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = found;
    const length = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
    return sign === '-' ? -length : length;
  }
}
