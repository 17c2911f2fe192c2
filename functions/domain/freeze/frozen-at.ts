import { addDuration } from '../instant.ts';
import { type Around, EVERYWHERE, type Freeze, type Recurring } from './freeze.ts';

/** What freezes say of an instant. `next_open` and `next_close` are absent where none comes within the horizon. */
export type Frozen = {
  readonly frozen: boolean;
  readonly reason?: string;
  readonly on_due?: Freeze['on_due'];
  readonly next_open?: string;
  readonly next_close?: string;
};

/** How far ahead openings and closings are looked for: as far as a promotion may be scheduled, and one day. */
const HORIZON = 'P366D';
/** Boundaries looked at before giving up. Windows that follow each other without a gap are all passed through. */
const MOST_STEPS = 500;

/**
 * Whether nothing executes at an instant, why, and when that changes: `next_open` is the end of the freeze when there is one,
 * `next_close` the next instant from which nothing executes, after `next_open` where it is frozen now.
 */
export function frozenAt(freezes: readonly Freeze[], instant: string, recurring: Recurring): Frozen {
  const now = stopAt(freezes, instant, recurring);
  const next_open = now === undefined ? undefined : flip(freezes, instant, true, recurring);
  const from = now === undefined ? instant : next_open;
  const next_close = from === undefined ? undefined : flip(freezes, from, false, recurring);
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
  recurring: Recurring,
): { readonly reason: string; readonly on_due: Freeze['on_due']; readonly ends_at?: string } | undefined {
  const stop = stopAt(freezes, instant, recurring);
  if (stop === undefined) return undefined;
  const ends_at = flip(freezes, instant, true, recurring);
  return ends_at === undefined ? stop : { ...stop, ends_at };
}

type Stop = { readonly reason: string; readonly on_due: Freeze['on_due'] };

function stopAt(freezes: readonly Freeze[], instant: string, recurring: Recurring): Stop | undefined {
  const isIn = (freeze: Freeze) => around(freeze, instant, recurring).ends_at !== undefined;
  const stopping = freezes.filter((freeze) => freeze.mode === 'deny' && isIn(freeze));
  const allowing = freezes.filter(({ mode }) => mode === 'allow');
  for (const scope of [true, false]) {
    const ofScope = allowing.filter(({ environment }) => (environment === EVERYWHERE) === scope);
    if (!ofScope.some(isIn)) stopping.push(...ofScope);
  }
  const [first] = stopping;
  if (first === undefined) return undefined;
  return {
    reason: first.reason,
    // One that says so is enough: to wait is what it forbids.
    on_due: stopping.some(({ on_due }) => on_due === 'fail') ? 'fail' : 'wait',
  };
}

/** The first instant after `from` at which it is no longer frozen, or no longer open. */
function flip(
  freezes: readonly Freeze[],
  from: string,
  frozen: boolean,
  recurring: Recurring,
): string | undefined {
  const furthest = addDuration(from, HORIZON);
  let at = from;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const next = boundary(freezes, at, recurring);
    if (next === undefined || next > furthest) return undefined;
    if ((stopAt(freezes, next, recurring) !== undefined) !== frozen) return next;
    at = next;
  }
  return undefined;
}

/** The first start or end of any window after an instant. */
function boundary(freezes: readonly Freeze[], after: string, recurring: Recurring): string | undefined {
  const all = freezes.flatMap((freeze) => {
    const { ends_at, next } = around(freeze, after, recurring);
    return [ends_at, next].filter((one) => one !== undefined);
  });
  return all.toSorted()[0];
}

function around(freeze: Freeze, instant: string, recurring: Recurring): Around {
  if (freeze.rrule !== undefined) return recurring(freeze, instant);
  const { starts_at, ends_at } = freeze;
  if (instant < starts_at) return { next: starts_at };
  return instant < ends_at ? { ends_at } : {};
}
