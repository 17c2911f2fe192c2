import { base64Of, bytesOfText } from '../../domain/digest.ts';
import { Fault } from '../../domain/faults.ts';
import { checkpointText, logOrigin, signedCheckpoint } from '../../domain/transparency-log/checkpoint.ts';
import { entryBytes, type LogEntry } from '../../domain/transparency-log/entry.ts';
import { edgePaths, grow, wrongEdge } from '../../domain/transparency-log/grow.ts';
import { rootOf } from '../../domain/transparency-log/merkle.ts';
import type { Grown, News } from '../../ports/log-news.ts';
import type { Marked } from '../../ports/log-objects.ts';
import type { LogHead } from '../../ports/log-tree.ts';
import type { NoteSigner } from '../../ports/note-signer.ts';
import type { Deps } from '../deps.ts';
import { isAhead } from './ahead.ts';
import type { LogStores } from './deps.ts';
import { publishCheckpoint, readObjects, readPublished, writeOnce } from './objects.ts';
import { entriesAfter } from './unlogged.ts';

export type BatchDeps = Pick<Deps, 'promotions' | 'changes' | 'heads' | 'logNews' | 'clock'> &
  LogStores & { readonly noteSigner: NoteSigner };

/** Entries in one batch: as many as a tile has, so that a batch writes few objects. Commits whose news one batch looks at. */
const MOST = 256;
export const MOST_NEWS = 256;

/** What one batch added; `more`: it was full, or there was news that it did not look at. */
export type Batch = { readonly entries: number; readonly more: boolean };

const NOTHING: Batch = { entries: 0, more: false };

/**
 * One batch of one log. The order of writes is what makes it safe to stop anywhere: the entries and their order are decided by a swap
 * of the head; tiles, then the checkpoint, then the places follow from that alone, whoever writes them and however often; a second swap
 * makes them the log; what asked for it is forgotten last.
 */
export async function feedOnce(deps: BatchDeps, tenant: string): Promise<Batch> {
  const [news, found] = await Promise.all([deps.logNews.of(tenant, MOST_NEWS), deps.logTree.read(tenant)]);
  const { head, version } = found ?? { head: EMPTY, version: 0 };
  const places = await placesOf(deps, tenant, news);
  const batch = head.batch ?? (await nextBatch(deps, tenant, news, places));
  if (batch.length > 0) {
    const there = await readPublished(deps.logObjects, tenant);
    if (await isAhead(deps, tenant, { head, version }, there)) return NOTHING;
    const decided = head.batch === undefined ? version + 1 : version;
    if (head.batch === undefined && !(await deps.logTree.swap(tenant, version, { ...head, batch })))
      return NOTHING;
    const next = await integrate(deps, tenant, { ...head, batch }, there);
    if (!(await deps.logTree.swap(tenant, decided, next))) return NOTHING;
    for (const { chain, seq } of batch) places.set(chain, seq);
  }
  const logged = news.filter(({ grown }) => grown.every(({ chain, seq }) => (places.get(chain) ?? 0) >= seq));
  await Promise.all(logged.map((each) => deps.logNews.forget(tenant, each)));
  const left = head.batch !== undefined || batch.length === MOST || news.length === MOST_NEWS;
  return { entries: batch.length, more: left && batch.length + logged.length > 0 };
}

const EMPTY: LogHead = { size: 0, root: base64Of(rootOf({ from: 0, until: 0 }, () => new Uint8Array(0))) };

/** By chain, the number of the newest entry that has a place in the log. */
type Places = Map<string, number>;

async function placesOf(deps: BatchDeps, tenant: string, news: readonly News[]): Promise<Places> {
  const chains = [...new Set(news.flatMap(({ grown }) => grown.map(({ chain }) => chain)))];
  const found = await Promise.all(chains.map((chain) => deps.logTree.place(tenant, chain)));
  return new Map(chains.map((chain, at) => [chain, found[at]?.seq ?? 0]));
}

/** What the chains with news hold beyond their places in the log, as far as the news says that they have grown. */
async function nextBatch(
  deps: BatchDeps,
  tenant: string,
  news: readonly News[],
  places: Places,
): Promise<readonly LogEntry[]> {
  const newest = new Map<string, Grown>();
  for (const grown of news.flatMap((each) => each.grown)) {
    if ((newest.get(grown.chain)?.seq ?? 0) < grown.seq) newest.set(grown.chain, grown);
  }
  let left = MOST;
  const wanted = [...newest.values()].flatMap((grown) => {
    const after = places.get(grown.chain) ?? 0;
    const most = Math.max(0, Math.min(left, grown.seq - after));
    left -= most;
    return most === 0 ? [] : [{ grown, after, most }];
  });
  return (await Promise.all(wanted.map((each) => entriesAfter(deps, tenant, each)))).flat();
}

type Decided = LogHead & { readonly batch: readonly LogEntry[] };

/** Writes what follows from a decided batch, and answers the head that it makes. Repeating it writes the same. */
async function integrate(
  { logObjects, logTree, noteSigner, clock }: BatchDeps,
  tenant: string,
  { size, root, cosigned, batch }: Decided,
  there: Marked | undefined,
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
  await publishCheckpoint(logObjects, tenant, { checkpoint, from: size, there });
  const places = new Map(batch.map(({ chain, seq }, at) => [chain, { seq, index: size + at }]));
  await Promise.all([...places].map(([chain, place]) => logTree.keep(tenant, chain, place)));
  const signed = { checkpoint, public_key };
  const seen = cosigned === undefined ? {} : { cosigned };
  return { size: grown.size, root: base64Of(grown.root), signed, ...seen, fed_at: clock.now() };
}
