import type { PromotionRef } from './promotion-store.ts';

/**
 * Timers: each calls the function that executes what is due, at its instant or up to a minute later, at least once. Only hints: the
 * promotion itself says what is due, so that one which comes early, late, twice or for an older time does no harm, and the sweep does
 * what a lost one missed. Throws `Unavailable` and `Throttled`; the intent then stays for the sweep.
 */
export interface Scheduler {
  /** Sets the one timer of a promotion, or moves it there. */
  put(ref: PromotionRef, at: string): Promise<void>;
  /** Takes it back; without one nothing happens. */
  remove(ref: PromotionRef): Promise<void>;
}
