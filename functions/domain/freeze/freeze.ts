/**
 * A window of time on an environment, or with `*` on all there are and will be. `deny`: nothing executes inside. `allow`: nothing
 * executes outside; several of one scope add up, while the tenant's and the environment's must both be open.
 * With `rrule` (RFC 5545, without `RRULE:`) the window comes again, at the same time of day in `timezone` and as long by the clock
 * on the wall. `ends_at` is the first instant after it. `on_due` says what a promotion does whose scheduled time lies inside.
 */
export type Freeze = {
  readonly id: string;
  readonly environment: string;
  readonly reason: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly rrule?: string;
  readonly timezone?: string;
  readonly mode: 'deny' | 'allow';
  readonly on_due: 'wait' | 'fail';
  readonly created_by: string;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

/** The scope of a freeze on everything. */
export const EVERYWHERE = '*';

/** The freezes that concern an environment. */
export function concerning(freezes: readonly Freeze[], environment: string): readonly Freeze[] {
  return freezes.filter((freeze) => freeze.environment === environment || freeze.environment === EVERYWHERE);
}
