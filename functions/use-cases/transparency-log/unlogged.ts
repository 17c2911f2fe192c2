import { CHANGES, changeDigest } from '../../domain/audit/change.ts';
import { eventDigest, promotionChain } from '../../domain/promotion/evolve.ts';
import type { LogEntry } from '../../domain/transparency-log/entry.ts';
import type { News } from '../../ports/log-news.ts';
import type { Deps } from '../deps.ts';
import type { LogStores } from './deps.ts';

const PROMOTION = promotionChain('');

type Chains = Pick<Deps, 'promotions' | 'changes'>;
type After = { readonly chain: string; readonly after: number; readonly most: number };

/** The entries of a chain after a number, in their order, so many at most: read from the chain itself. */
export async function entriesAfter(deps: Chains, tenant: string, after: After): Promise<readonly LogEntry[]> {
  return (await recordedAfter(deps, tenant, after)).map(({ entry }) => entry);
}

/** When the oldest entry was recorded that the log of a tenant does not have, in these chains; `undefined` when it has them all. */
export async function oldestUnlogged(
  deps: Chains & Pick<LogStores, 'logTree'>,
  tenant: string,
  news: readonly News[],
): Promise<string | undefined> {
  const oldest = await Promise.all(
    news.map(async ({ chain }) => {
      const after = (await deps.logTree.place(tenant, chain))?.seq ?? 0;
      return (await recordedAfter(deps, tenant, { chain, after, most: 1 }))[0]?.at;
    }),
  );
  return oldest.filter((at) => at !== undefined).sort()[0];
}

async function recordedAfter(deps: Chains, tenant: string, { chain, after, most }: After) {
  if (chain === CHANGES) {
    const changes = await deps.changes.after(tenant, after, most);
    return changes.map((change) => ({
      at: change.at,
      entry: { chain, seq: change.seq, digest: changeDigest(change) },
    }));
  }
  const events = await deps.promotions.events(tenant, chain.slice(PROMOTION.length), after, most);
  return events.map((event) => ({
    at: event.at,
    entry: { chain, seq: event.seq, digest: eventDigest(event) },
  }));
}
