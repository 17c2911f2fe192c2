import type { FreezeFields } from '../../domain/freeze/freeze.ts';
import { windowsOf } from '../../domain/freeze/windows.ts';
import { durationMilliseconds, hoursBetween, toInstant } from '../../domain/instant.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/** The longest window: a year and a day. */
const LONGEST = (durationMilliseconds('P366D') ?? 0) / 3_600_000;

/** A window that ends after it starts, whose rule gives windows. Absent: once, `deny`, `wait`; a rule without a zone is in UTC. */
export function checkedFreeze(fields: FreezeFields): FreezeFields | Refusal {
  const starts_at = toInstant(fields.starts_at);
  const ends_at = toInstant(fields.ends_at);
  if (starts_at === undefined) return wrong('starts_at', 'must be an instant');
  if (ends_at === undefined) return wrong('ends_at', 'must be an instant');
  if (hoursBetween(starts_at, ends_at) > LONGEST) return wrong('ends_at', 'must be within 366 days');
  const { rrule, timezone } = fields;
  if (rrule === undefined && timezone !== undefined) return wrong('timezone', 'goes with rrule');
  const zone = rrule === undefined ? {} : { timezone: timezone ?? 'UTC' };
  const checked = { ...fields, starts_at, ends_at, ...zone };
  const windows = windowsOf(checked);
  return typeof windows === 'function' ? checked : wrong(windows.field, windows.problem);
}

function wrong(field: string, problem: string): Refusal {
  return refuse('invalid_request', `${field} ${problem}`, { errors: [{ field, problem }] });
}
