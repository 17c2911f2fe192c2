import { base64Of, bytesOfText } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import { checkpointText, logOrigin, signedCheckpoint } from '../../domain/transparency-log/checkpoint.ts';
import { entryBytes, type LogEntry } from '../../domain/transparency-log/entry.ts';
import { edgePaths, grow, wrongEdge } from '../../domain/transparency-log/grow.ts';
import { rootOf } from '../../domain/transparency-log/merkle.ts';
import type { News } from '../../ports/log-news.ts';
import type { LogHead } from '../../ports/log-tree.ts';
import type { NoteSigner } from '../../ports/note-signer.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import { isAhead } from './ahead.ts';
import { cosign, type Uncosigned, type Witnesses } from './cosign.ts';
import type { LogStores } from './deps.ts';
import { publishCheckpoint, readObjects, writeOnce } from './objects.ts';
import { entriesAfter, oldestUnlogged } from './unlogged.ts';

export type FeedDeps = Pick<Deps, 'promotions' | 'changes' | 'logNews' | 'clock'> &
  LogStores & {
    readonly noteSigner: NoteSigner;
    /** Absent where an installation has none. */
    readonly witnesses?: Witnesses;
  };

/** What one run did; a tenant whose log could not be fed stops no other. */
export type Fed = {
  readonly entries: number;
  readonly faults: readonly { readonly tenant: string; readonly error: unknown }[];
  /** The time was up: the next run goes on. */
  readonly unfinished: boolean;
  /** When the oldest entry was recorded that a log still lacks, of the tenants that failed or were left for the next run. */
  readonly oldest?: string;
  /** Checkpoints that a witness did not cosign; absent where there are none. */
  readonly uncosigned?: readonly Uncosigned[];
};

/** Entries in one batch: as many as a tile has, so that a batch writes few objects. Chains whose news one batch looks at. */
const MOST = 256;
const CHAINS = 64;

/** Tenants whose oldest missing entry one run looks for. */
const MEASURED = 20;

/** Feeds the logs of all tenants with news until none is left or the time is up. */
export async function feedLogs(deps: FeedDeps, end: string): Promise<Fed> {
  const faults: { tenant: string; error: unknown }[] = [];
  const late: string[] = [];
  const uncosigned: Uncosigned[] = [];
  const silent = new Set<string>();
  let [entries, unfinished] = [0, false];
  for await (const tenant of everyItem((page) => deps.logNews.tenants(page))) {
    try {
      const before = entries;
      for (let fed = 1; fed > 0 && !unfinished; entries += fed) {
        unfinished = deps.clock.now() >= end;
        fed = unfinished ? 0 : await feedOnce(deps, tenant);
      }
      if (deps.witnesses !== undefined && entries > before)
        uncosigned.push(...(await cosign(deps, deps.witnesses, tenant, silent)));
    } catch (error) {
      faults.push({ tenant, error });
    }
    if (unfinished || faults.at(-1)?.tenant === tenant) late.push(tenant);
    if (unfinished && late.length >= MEASURED) break;
  }
  const oldest = await oldestOf(deps, late.slice(0, MEASURED));
  return {
    ...{ entries, faults, unfinished },
    ...(oldest === undefined ? {} : { oldest }),
    ...(uncosigned.length === 0 ? {} : { uncosigned }),
  };
}

/** What cannot be read is not measured: its fault is known already. */
async function oldestOf(deps: FeedDeps, tenants: readonly string[]): Promise<string | undefined> {
  const oldest = await Promise.all(
    tenants.map(async (tenant) => {
      try {
        return await oldestUnlogged(deps, tenant, await deps.logNews.of(tenant, CHAINS));
      } catch {
        return undefined;
      }
    }),
  );
  return oldest.filter((at) => at !== undefined).sort()[0];
}

/**
 * One batch of one log; answers how many entries it has. The order of writes is what makes it safe to stop anywhere: the entries and
 * their order are decided by a swap of the head; tiles, then the checkpoint, then the places follow from that alone, whoever writes them
 * and however often; a second swap makes them the log; what asked for it is forgotten last.
 */
export async function feedOnce(deps: FeedDeps, tenant: string): Promise<number> {
  const news = await deps.logNews.of(tenant, CHAINS);
  const found = await deps.logTree.read(tenant);
  const { head, version } = found ?? { head: EMPTY, version: 0 };
  const batch = head.batch ?? (await nextBatch(deps, tenant, news));
  if (batch.length === 0) return 0;
  if (await isAhead(deps, tenant, { head, version })) return 0;
  const decided = head.batch === undefined ? version + 1 : version;
  if (head.batch === undefined && !(await deps.logTree.swap(tenant, version, { ...head, batch }))) return 0;
  const next = await integrate(deps, tenant, head, batch);
  if (!(await deps.logTree.swap(tenant, decided, next))) return 0;
  const last = new Map(batch.map(({ chain, seq }) => [chain, seq]));
  await Promise.all(
    news
      .filter(({ chain, seq }) => (last.get(chain) ?? 0) >= seq)
      .map((each) => deps.logNews.forget(tenant, each)),
  );
  return batch.length;
}

const EMPTY: LogHead = { size: 0, root: base64Of(rootOf({ from: 0, until: 0 }, () => new Uint8Array(0))) };

/** What the chains with news hold beyond their places in the log. News of what has its place is forgotten. */
async function nextBatch(
  deps: FeedDeps,
  tenant: string,
  news: readonly News[],
): Promise<readonly LogEntry[]> {
  const places = await Promise.all(news.map(({ chain }) => deps.logTree.place(tenant, chain)));
  const batch: LogEntry[] = [];
  for (const [at, each] of news.entries()) {
    const after = places[at]?.seq ?? 0;
    const most = MOST - batch.length;
    if (after >= each.seq) await deps.logNews.forget(tenant, each);
    else if (most > 0) batch.push(...(await entriesAfter(deps, tenant, { chain: each.chain, after, most })));
  }
  return batch;
}

/** Writes what follows from a decided batch, and answers the head that it makes. Repeating it writes the same. */
async function integrate(
  { logObjects, logTree, noteSigner }: FeedDeps,
  tenant: string,
  { size, root, cosigned }: LogHead,
  batch: readonly LogEntry[],
): Promise<LogHead> {
  const read = await readObjects(logObjects, tenant, edgePaths(size));
  const wrong = wrongEdge(size, bytesOfText(root) ?? new Uint8Array(0), read);
  if (wrong !== undefined) throw new Fault('Corrupt', `the log of ${tenant}: ${wrong}`);
  const grown = grow(size, batch.map(entryBytes), read);
  await Promise.all(grown.objects.map((object) => writeOnce(logObjects, tenant, object)));
  const tree = { origin: logOrigin(tenant), size: grown.size, root: grown.root };
  const public_key = await noteSigner.publicKey();
  const signature = await noteSigner.sign(new TextEncoder().encode(checkpointText(tree)));
  const checkpoint = signedCheckpoint(tree, public_key, signature);
  await publishCheckpoint(logObjects, tenant, { checkpoint, from: size });
  const places = new Map(batch.map(({ chain, seq }, at) => [chain, { seq, index: size + at }]));
  await Promise.all([...places].map(([chain, place]) => logTree.keep(tenant, chain, place)));
  const signed = { checkpoint, public_key };
  const seen = cosigned === undefined ? {} : { cosigned };
  return { size: grown.size, root: base64Of(grown.root), signed, ...seen };
}
