import { Fault } from '../../domain/faults.ts';
import { addDuration } from '../../domain/instant.ts';
import type { Clock } from '../../ports/clock.ts';
import type { LogFeeder } from '../../ports/log-feeder.ts';
import { grownBy } from '../../ports/log-news.ts';
import type { Transactions } from '../../ports/transaction.ts';

/** How long after it woke the feeder for a tenant a process leaves the tenant to the feeder's next run. */
const PAUSE = 'PT1M';

/** Tenants that a process remembers. */
const REMEMBERED = 1_000;

/**
 * Transactions that wake the log's feeder after a commit that is recorded: once a minute and tenant, as the feeder feeds a log at once
 * only after a quiet minute. A feeder that does not hear is no fault of the commit: it comes within the minute.
 */
export function wakingLog(transactions: Transactions, feeder: LogFeeder, clock: Clock): Transactions {
  const woken = new Map<string, string>();
  return {
    async commit(tenant, writes) {
      const result = await transactions.commit(tenant, writes);
      if (!result.committed || grownBy(writes).length === 0) return result;
      const now = clock.now();
      const last = woken.get(tenant);
      if (last !== undefined && now < addDuration(last, PAUSE)) return result;
      if (woken.size >= REMEMBERED) woken.clear();
      woken.set(tenant, now);
      try {
        await feeder.wake(tenant);
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
      }
      return result;
    },
  };
}
