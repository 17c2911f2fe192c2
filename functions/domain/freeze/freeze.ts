import * as z from 'zod/mini';
import { Instant, Text } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';

/**
 * A window of time on an environment, or with `*` on all there are and will be. Several windows of one scope add up, while the tenant's and
 * the environment's must both be open.
 */
export const freeze = noun({
  input: {
    reason: Text.check(z.describe('Why there is a freeze.')),
    starts_at: Instant.check(z.describe('The first instant of the window.')),
    ends_at: Instant.check(z.describe('The first instant after the window, at most 366 days later.')),
    rrule: z
      .exactOptional(z.string().check(z.minLength(1), z.maxLength(200)))
      .check(
        z.describe(
          'How the window comes again (RFC 5545, without `RRULE:`), at the same time of day and as long by the clock on the wall; absent: once.',
        ),
      ),
    timezone: z
      .exactOptional(z.string().check(z.minLength(1), z.maxLength(64)))
      .check(z.describe('The time zone of `rrule`, such as `Europe/Vienna`; absent: UTC.')),
    mode: z
      ._default(z.enum(['deny', 'allow']), 'deny')
      .check(z.describe('`deny`: nothing executes inside. `allow`: nothing executes outside.')),
    on_due: z
      ._default(z.enum(['wait', 'fail']), 'wait')
      .check(z.describe('Whether a promotion waits or fails whose scheduled time is frozen.')),
  },
  managed: {
    id: z.string().check(z.describe('Its id.')),
    environment: z.string().check(z.describe('The environment, or `*` for all of them.')),
    created_by: z.string().check(z.describe('The subject who created it.')),
  },
});

export interface Freeze extends Item<typeof freeze> {}

/** What callers say of a freeze, its defaults filled in. */
export interface FreezeFields extends Said<typeof freeze> {}

/** The scope of a freeze on everything. */
export const EVERYWHERE = '*';

/** The freezes that concern an environment. */
export function concerning(freezes: readonly Freeze[], environment: string): readonly Freeze[] {
  return freezes.filter((freeze) => freeze.environment === environment || freeze.environment === EVERYWHERE);
}
