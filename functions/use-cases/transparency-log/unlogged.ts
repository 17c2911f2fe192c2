import { CHANGES, changeDigest } from '../../domain/audit/change.ts';
import { eventDigest, promotionChain } from '../../domain/promotion/evolve.ts';
import type { LogEntry } from '../../domain/transparency-log/entry.ts';
import type { Deps } from '../deps.ts';

const PROMOTION = promotionChain('');

/** The entries of a chain after a number, in their order, so many at most: read from the chain itself. */
export async function entriesAfter(
  deps: Pick<Deps, 'promotions' | 'changes'>,
  tenant: string,
  { chain, after, most }: { readonly chain: string; readonly after: number; readonly most: number },
): Promise<readonly LogEntry[]> {
  if (chain === CHANGES) {
    const changes = await deps.changes.after(tenant, after, most);
    return changes.map((change) => ({ chain, seq: change.seq, digest: changeDigest(change) }));
  }
  const events = await deps.promotions.events(tenant, chain.slice(PROMOTION.length), after, most);
  return events.map((event) => ({ chain, seq: event.seq, digest: eventDigest(event) }));
}
