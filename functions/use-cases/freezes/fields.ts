import type { Freeze } from '../../domain/freeze/freeze.ts';
import { windowsOf } from '../../domain/freeze/windows.ts';
import { durationMilliseconds, hoursBetween, toInstant } from '../../domain/instant.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** What a caller says of a freeze. Instants with any offset; `null` is no recurrence. */
export type FreezeFields = {
  readonly reason: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly rrule?: string | null;
  readonly timezone?: string | null;
  readonly mode?: Freeze['mode'];
  readonly on_due?: Freeze['on_due'];
};

/** A freeze without what the store says of it. */
export type CheckedFreeze = Pick<
  Freeze,
  'reason' | 'starts_at' | 'ends_at' | 'rrule' | 'timezone' | 'mode' | 'on_due'
>;

/** The longest window: a year and a day. */
const LONGEST = (durationMilliseconds('P366D') ?? 0) / 3_600_000;

/** A window that ends after it starts, whose rule gives windows. Absent: once, `deny`, `wait`; a rule without a zone is in UTC. */
export function checkedFreeze(fields: FreezeFields): CheckedFreeze | Refusal {
  const starts_at = toInstant(fields.starts_at);
  const ends_at = toInstant(fields.ends_at);
  if (starts_at === undefined) return wrong('starts_at', 'must be an instant');
  if (ends_at === undefined) return wrong('ends_at', 'must be an instant');
  if (hoursBetween(starts_at, ends_at) > LONGEST) return wrong('ends_at', 'must be within 366 days');
  const { reason, mode = 'deny', on_due = 'wait' } = fields;
  const rrule = fields.rrule ?? undefined;
  const zone = fields.timezone ?? undefined;
  if (rrule === undefined && zone !== undefined) return wrong('timezone', 'goes with rrule');
  const recurrence = rrule === undefined ? {} : { rrule, timezone: zone ?? 'UTC' };
  const windows = windowsOf({ starts_at, ends_at, mode, ...recurrence });
  if (typeof windows !== 'function') return wrong(windows.field, windows.problem);
  return { reason, starts_at, ends_at, mode, on_due, ...recurrence };
}

function wrong(field: string, problem: string): Refusal {
  return refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
}
