import { CHANGES, changeDigest } from '../../domain/audit/change.ts';
import { eventDigest, promotionChain } from '../../domain/promotion/evolve.ts';
import { revisionDigest } from '../../domain/promotion/head.ts';
import type { LogEntry } from '../../domain/transparency-log/entry.ts';
import type { Grown, News } from '../../ports/log-news.ts';
import type { Deps } from '../deps.ts';
import type { LogStores } from './deps.ts';

const PROMOTION = promotionChain('');

type Chains = Pick<Deps, 'promotions' | 'changes' | 'heads'>;
/** So many entries of a chain at most, after a number. */
type After = { readonly grown: Grown; readonly after: number; readonly most: number };

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
  const chains = news.flatMap(({ grown }) => grown);
  const oldest = await Promise.all(
    chains.map(async (grown) => {
      const after = (await deps.logTree.place(tenant, grown.chain))?.seq ?? 0;
      return (await recordedAfter(deps, tenant, { grown, after, most: 1 }))[0]?.at;
    }),
  );
  return oldest.filter((at) => at !== undefined).sort()[0];
}

async function recordedAfter(deps: Chains, tenant: string, { grown, after, most }: After) {
  const { chain, slot } = grown;
  if (slot !== undefined) {
    const revisions = await deps.heads.revisionsFrom(tenant, slot, after + 1, most);
    return revisions.map((revision) => ({
      at: revision.at,
      entry: { chain, seq: revision.number, digest: revisionDigest(revision) },
    }));
  }
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
