import { CHANGES } from '../domain/audit/change.ts';
import { headChain } from '../domain/audit/checkpoint.ts';
import { promotionChain } from '../domain/promotion/evolve.ts';
import type { Slot } from '../domain/subject.ts';
import type { Page, PageRequest } from './page.ts';
import type { Write } from './transaction.ts';

/** A chain that has grown: its newest entry has at least this number. Revisions of a head are read by their slot. */
export type Grown = { readonly chain: string; readonly seq: number; readonly slot?: Slot };

/** What one commit appended to chains. `id`: the store's own name for it. */
export type News = { readonly id: string; readonly grown: readonly Grown[] };

/**
 * Which chains of which tenants the log has not reached yet. Every commit that appends to chains says so itself, in its transaction. What
 * a chain holds is read from the chain, never from here.
 */
export interface LogNews {
  /** Says that a chain has grown, for a chain whose commit did not say so. Told again, or late, it changes nothing. */
  tell(tenant: string, grown: Grown): Promise<void>;
  /** Tenants with news, one a page; `next` of a page is the place after its tenant. A tenant may come twice. */
  tenants(page: PageRequest): Promise<Page<string>>;
  /** News of one tenant, strongly consistent, so many at most. */
  of(tenant: string, most: number): Promise<readonly News[]>;
  /** Forgets news. That of one chain, as version 0.1.0 kept it, stays when the chain has grown further meanwhile. */
  forget(tenant: string, news: News): Promise<void>;
}

/** The chains that a commit appends to, each with the number of its newest entry. */
export function grownBy(writes: readonly Write[]): readonly Grown[] {
  return writes.flatMap((write) => {
    if (write.write === 'promotion' && write.events.length > 0)
      return [{ chain: promotionChain(write.state.id), seq: write.state.seq }];
    if (write.write === 'change') return [{ chain: CHANGES, seq: write.change.seq }];
    if (write.write !== 'revision') return [];
    const { slot, number } = write.revision;
    return [{ chain: headChain(slot), seq: number, slot }];
  });
}
