import { CHANGES, changeDigest } from '../../domain/audit/change.ts';
import { type ChainHead, headChain } from '../../domain/audit/checkpoint.ts';
import { Fault } from '../../domain/faults.ts';
import { promotionChain } from '../../domain/promotion/evolve.ts';
import type { Head, Slot } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { asked, type Environments, firstHeads, HEADS, headsAt, PROMOTIONS } from './positions.ts';

/** What reading the heads of all chains needs. */
export type ChainDeps = Pick<Deps, 'promotions' | 'heads' | 'changes' | 'catalog'>;

/** A chain as it stands: of a head's revisions also the slot, by which they are read. */
export type ChainFound = ChainHead & { readonly slot?: Slot };

export type ChainsRead = { readonly chains: readonly ChainFound[]; readonly next?: string };

/** Some chains from a position on: those of promotions, then of heads, environment by environment, then that of changes. */
export async function readChains(
  deps: ChainDeps,
  { tenant, environments }: { readonly tenant: string; readonly environments: Environments },
  position: string,
  limit: number,
): Promise<ChainsRead> {
  const [kind, environment, after] = position.split(' ');
  if (kind === PROMOTIONS) {
    const found = await deps.promotions.list(tenant, {}, asked(limit, environment));
    const chains = found.items.map(({ id, seq, chain }) => ({
      chain: promotionChain(id),
      length: seq,
      digest: chain,
    }));
    const next = found.next === undefined ? await firstHeads(environments) : `${PROMOTIONS} ${found.next}`;
    return { chains, next };
  }
  if (kind === HEADS && environment !== undefined) {
    const found = await headsAt(deps, tenant, environment, asked(limit, after));
    const chains = found.items.filter(({ revision }) => revision > 0).map(chainOfHead);
    const next =
      found.next === undefined
        ? await firstHeads(environments, environment)
        : `${HEADS} ${environment} ${found.next}`;
    return { chains, next };
  }
  const newest = await deps.changes.newest(tenant);
  if (newest === undefined) return { chains: [] };
  return { chains: [{ chain: CHANGES, length: newest.seq, digest: changeDigest(newest) }] };
}

function chainOfHead({ slot, revision, chain }: Head): ChainFound {
  if (chain === null) throw new Fault('Corrupt', `${headChain(slot)} has revisions and no chain`);
  return { chain: headChain(slot), length: revision, digest: chain, slot };
}
