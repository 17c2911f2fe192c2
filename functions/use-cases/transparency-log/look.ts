import { digestOfBytes } from '../../domain/digest.ts';
import type { Grown } from '../../ports/log-news.ts';
import { type ChainDeps, readChains } from '../audit/chains.ts';
import { type Environments, environmentsNamed, everyEnvironment, PROMOTIONS } from '../audit/positions.ts';
import type { Deps } from '../deps.ts';
import type { LogStores } from './deps.ts';

export type LookDeps = ChainDeps & Pick<Deps, 'directory' | 'cursors'> & Pick<LogStores, 'logTree'>;

/** A chain with entries beyond its place in the log of its tenant. */
export type Behind = { readonly tenant: string; readonly grown: Grown };

/** `ended`: the look came to the last chain of the last tenant, and the next one begins anew. */
export type Looked = {
  readonly behind: readonly Behind[];
  readonly faults: readonly { readonly tenant: string; readonly error: unknown }[];
  readonly ended: boolean;
};

/** Where the walk over the chains of all tenants stands: `<tenant> <position>`. */
const WALK = 'log-look';

/** Chains that one look compares, at 1 to 2 read units each. */
const LOOKED = 50;

/**
 * Looks at some chains, from where the look before stopped, and names those that the log has not reached, whether their commits said so
 * or not: by this, what was recorded before such chains were logged gets into the log too. A tenant whose chains cannot be read stops no other.
 */
export async function lookOn(deps: LookDeps): Promise<Looked> {
  const behind: Behind[] = [];
  const faults: { tenant: string; error: unknown }[] = [];
  let at = startAt((await deps.cursors.read(WALK)) ?? '') ?? (await tenantAfter(deps));
  let environments: Environments = async () => [];
  let of: string | undefined;
  for (let left = LOOKED; at !== undefined && left > 0; ) {
    const { tenant, position }: Place = at;
    if (of !== tenant) environments = everyEnvironment(deps, tenant, (one) => namedSoFar(deps, one));
    of = tenant;
    try {
      const { chains, next } = await readChains(deps, { tenant, environments }, position, left);
      const places = await Promise.all(chains.map(({ chain }) => deps.logTree.place(tenant, chain)));
      for (const [index, { chain, length: seq, slot }] of chains.entries()) {
        const grown = { chain, seq, ...(slot === undefined ? {} : { slot }) };
        if (seq > (places[index]?.seq ?? 0)) behind.push({ tenant, grown });
      }
      // An environment without heads costs a read as well.
      left -= Math.max(1, chains.length);
      at = next === undefined ? await tenantAfter(deps, tenant) : { tenant, position: next };
    } catch (error) {
      faults.push({ tenant, error });
      at = await tenantAfter(deps, tenant);
    }
  }
  await deps.cursors.write(WALK, at === undefined ? undefined : `${at.tenant} ${at.position}`);
  return { behind, faults, ended: at === undefined };
}

type Place = { readonly tenant: string; readonly position: string };

function startAt(kept: string): Place | undefined {
  const end = kept.indexOf(' ');
  return end < 1 ? undefined : { tenant: kept.slice(0, end), position: kept.slice(end + 1) };
}

async function tenantAfter({ directory }: LookDeps, after?: string): Promise<Place | undefined> {
  const { items } = await directory.tenants({ limit: 1, ...(after === undefined ? {} : { after }) });
  return items[0] === undefined ? undefined : { tenant: items[0].id, position: PROMOTIONS };
}

/** Characters of names that are kept; more are read from the chain at each look. */
const KEPT = 2_000;

/** The environments that a tenant's changes name, kept so that a look reads only the changes since the one before. */
async function namedSoFar(
  { cursors, changes }: Pick<LookDeps, 'cursors' | 'changes'>,
  tenant: string,
): Promise<readonly string[]> {
  const place = `environments-${digestOfBytes(tenant).slice('sha256:'.length)}`;
  const [seq = '0', ...known] = (await cursors.read(place))?.split(' ') ?? [];
  const found = await environmentsNamed({ changes }, tenant, Number(seq));
  const names = [...new Set([...known, ...found.names])];
  const kept = [found.seq, ...names].join(' ');
  if (found.seq > Number(seq) && kept.length <= KEPT) await cursors.write(place, kept);
  return names;
}
