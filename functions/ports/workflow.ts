import type { PromotionRef } from './promotion-store.ts';

/** What the next step probably is; every step decides again from the table. */
export type Next = 'await' | 'execute' | 'execute_and_wait' | 'assess' | 'done';

/** What waking came to: `gone` means the token is no longer waited for, so a new attempt may be needed. */
export type Woken = 'woken' | 'gone';

/** Drives promotions: one execution per attempt. Throws `Unavailable` and `Throttled`. */
export interface Workflow {
  /** Starts attempt `attempt`; idempotent. `over`: it was started before and has ended. */
  start(ref: PromotionRef, attempt: number): Promise<'started' | 'over'>;
  wake(token: string, ref: PromotionRef, next: Next): Promise<Woken>;
}
