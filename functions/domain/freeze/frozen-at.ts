import { atMilliseconds, milliseconds } from '../instant.ts';
import { DAY } from './calendar.ts';
import { EVERYWHERE, type Freeze } from './freeze.ts';
import { type Span, type Unusable, windowsOf } from './windows.ts';

/** What freezes say of an instant. `next_open` and `next_close` are absent where none comes within the horizon. */
export type Frozen = {
  readonly frozen: boolean;
  readonly reason?: string;
  readonly on_due?: Freeze['on_due'];
  readonly next_open?: string;
  readonly next_close?: string;
};

/** How far ahead openings and closings are looked for: as far as a promotion may be scheduled, and one day. */
const HORIZON = 366 * DAY;

/**
 * Whether nothing executes at an instant, why, and when that changes: `next_open` is the end of the freeze when there is one,
 * `next_close` the next instant from which nothing executes, after `next_open` where it is frozen now. A freeze whose windows cannot
 * be told freezes always.
 */
export function frozenAt(freezes: readonly Freeze[], instant: string): Frozen {
  const at = milliseconds(instant);
  const courses = freezes.map((freeze) => new Course(freeze, at));
  const now = stopAt(courses, at);
  const opens = now === undefined ? undefined : flip(courses, at, true);
  const from = now === undefined ? at : opens;
  const closes = from === undefined ? undefined : flip(courses, from, false);
  const [next_open, next_close] = [opens, closes].map(textOf);
  return {
    frozen: now !== undefined,
    ...now,
    ...(next_open === undefined ? {} : { next_open }),
    ...(next_close === undefined ? {} : { next_close }),
  };
}

/** The freeze at an instant and its end, for deciding: does not look for what comes after. */
export function stoppedAt(
  freezes: readonly Freeze[],
  instant: string,
): { readonly reason: string; readonly on_due: Freeze['on_due']; readonly ends_at?: string } | undefined {
  const at = milliseconds(instant);
  const courses = freezes.map((freeze) => new Course(freeze, at));
  const stop = stopAt(courses, at);
  if (stop === undefined) return undefined;
  const ends_at = textOf(flip(courses, at, true));
  return ends_at === undefined ? stop : { ...stop, ends_at };
}

/** One freeze along time, which is only asked of forwards. */
class Course {
  readonly freeze: Freeze;
  readonly reason: string;
  readonly #windows: Iterator<Span, unknown> | undefined;
  #next: Span | undefined;

  constructor(freeze: Freeze, from: number) {
    this.freeze = freeze;
    const windows = told(freeze);
    if (typeof windows === 'function') {
      this.reason = freeze.reason;
      this.#windows = windows(from, from + 2 * HORIZON)[Symbol.iterator]();
      this.#advance();
    } else {
      const { field, problem } = windows;
      this.reason = `${freeze.reason} (always: ${field} ${problem}; change or lift freeze ${freeze.id})`;
    }
  }

  /** Whether an instant lies in a window. A `deny` freeze that cannot be evaluated is one window without an end. */
  holds(at: number): boolean {
    if (this.#windows === undefined) return this.freeze.mode === 'deny';
    const { start } = this.#at(at) ?? {};
    return start !== undefined && start <= at;
  }

  /** The first start or end after an instant. */
  boundary(at: number): number {
    const span = this.#at(at);
    return span === undefined ? Number.POSITIVE_INFINITY : span.start > at ? span.start : span.end;
  }

  #at(at: number): Span | undefined {
    while (this.#next !== undefined && this.#next.end <= at) this.#advance();
    return this.#next;
  }

  #advance(): void {
    const { done, value } = this.#windows?.next() ?? { done: true };
    this.#next = done === true ? undefined : value;
  }
}

/** A stored freeze is evaluated by the rules of today, whatever it was accepted by. */
function told(freeze: Freeze): ReturnType<typeof windowsOf> {
  try {
    return windowsOf(freeze);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const unusable: Unusable = { field: 'starts_at or ends_at', problem: 'must be an instant' };
    return unusable;
  }
}

type Stop = { readonly reason: string; readonly on_due: Freeze['on_due'] };

function stopAt(courses: readonly Course[], at: number): Stop | undefined {
  const stopping = courses.filter((course) => course.freeze.mode === 'deny' && course.holds(at));
  const allowing = courses.filter(({ freeze }) => freeze.mode === 'allow');
  for (const scope of [true, false]) {
    const ofScope = allowing.filter(({ freeze }) => (freeze.environment === EVERYWHERE) === scope);
    if (!ofScope.some((course) => course.holds(at))) stopping.push(...ofScope);
  }
  const [first] = stopping;
  if (first === undefined) return undefined;
  return {
    reason: first.reason,
    // One that says so is enough: to wait is what it forbids.
    on_due: stopping.some(({ freeze }) => freeze.on_due === 'fail') ? 'fail' : 'wait',
  };
}

/** The first instant after `from` at which it is no longer frozen, or no longer open. */
function flip(courses: readonly Course[], from: number, frozen: boolean): number | undefined {
  for (let at = next(courses, from); at <= from + HORIZON; at = next(courses, at)) {
    if ((stopAt(courses, at) !== undefined) !== frozen) return at;
  }
  return undefined;
}

/** The first start or end of any window after an instant. */
function next(courses: readonly Course[], after: number): number {
  return Math.min(Number.POSITIVE_INFINITY, ...courses.map((course) => course.boundary(after)));
}

/** Absent too where the instant lies past the year 9999. */
function textOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : atMilliseconds(time);
}
