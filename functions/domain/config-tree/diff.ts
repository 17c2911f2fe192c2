import type { Digest } from '../digest.ts';
import type { KeyRange } from './key-range.ts';
import { ALL_KEYS, rangesHold, unionOfRanges } from './key-range.ts';
import { LEAF_LEVEL } from './level-kind.ts';
import type { Body, LeafItem } from './node.ts';
import { sameBody } from './node.ts';
import type { Nodes } from './nodes.ts';
import { countEntries } from './scan.ts';
import type { Span } from './spans.ts';
import { childSpans, idsOf, rootSpan } from './spans.ts';

/** What one key is before and after; `null`: it is not there. Never the same on both sides. */
export type Change = { readonly key: string; readonly before: Body | null; readonly after: Body | null };

/** How many leaves are read at once where two trees differ, when the reader does not say. */
const WINDOW = 128;

/**
 * What turns tree `before` into tree `after`, by key, in batches. Reads only nodes that one tree has and the other has not: both sides of
 * a level in one round, and equal roots not at all. Stopping early stops the reading.
 */
export async function* diffTrees(
  nodes: Nodes,
  before: Digest,
  after: Digest,
  ranges: readonly KeyRange[] = [ALL_KEYS],
  window: number = WINDOW,
): AsyncGenerator<readonly Change[]> {
  if (before === after) return;
  const sorted = unionOfRanges(ranges);
  const [olds, news] = await differingLeaves(nodes, before, after, sorted);
  yield* joinLeaves(nodes, new LeafQueue(olds, sorted), new LeafQueue(news, sorted), window);
}

/** All changes of `diffTrees`, where they are few enough to hold. */
export async function collectDiff(
  nodes: Nodes,
  before: Digest,
  after: Digest,
  ranges?: readonly KeyRange[],
): Promise<readonly Change[]> {
  const changes: Change[] = [];
  for await (const batch of diffTrees(nodes, before, after, ranges))
    for (const change of batch) changes.push(change);
  return changes;
}

/** How many entries all the changes to tree `after` leave alone; reads its root, which a diff has read already. */
export async function countUnchanged(
  nodes: Nodes,
  after: Digest,
  changes: readonly Change[],
): Promise<number> {
  return (await countEntries(nodes, after)) - changes.filter((change) => change.after !== null).length;
}

/** Goes down both trees level by level. A node that both have at a level holds the same entries in both: it is left out of both. */
async function differingLeaves(
  nodes: Nodes,
  before: Digest,
  after: Digest,
  ranges: readonly KeyRange[],
): Promise<readonly [readonly Span[], readonly Span[]]> {
  await nodes.read([before, after]);
  const [a, b] = [await rootSpan(nodes, before), await rootSpan(nodes, after)];
  let olds = [a.span];
  let news = [b.span];
  for (let level = Math.max(a.level, b.level); level > 0; level -= 1) {
    const read = await nodes.read([
      ...(level <= a.level ? idsOf(olds) : []),
      ...(level <= b.level ? idsOf(news) : []),
    ]);
    if (level <= a.level) olds = childSpans(read, level, olds, ranges);
    if (level <= b.level) news = childSpans(read, level, news, ranges);
    const oldIds = new Set(idsOf(olds));
    const newIds = new Set(idsOf(news));
    olds = olds.filter(({ child }) => !newIds.has(child.id));
    news = news.filter(({ child }) => !oldIds.has(child.id));
  }
  return [olds, news];
}

/** The leaves of one side: those still to be read, and the items of those read. */
class LeafQueue {
  readonly #spans: readonly Span[];
  readonly #ranges: readonly KeyRange[];
  #next = 0;
  #items: LeafItem[] = [];

  constructor(spans: readonly Span[], ranges: readonly KeyRange[]) {
    this.#spans = spans;
    this.#ranges = ranges;
  }

  /** All items up to this key are read; `undefined`: all there are. */
  get horizon(): string | undefined {
    return this.#spans[this.#next]?.low;
  }

  take(): Span | undefined {
    return this.#spans[this.#next++];
  }

  add(items: readonly LeafItem[]): void {
    for (const item of items) if (rangesHold(this.#ranges, item.key)) this.#items.push(item);
  }

  /** Takes out the items up to a key. */
  upTo(horizon: string | undefined): readonly LeafItem[] {
    const found = horizon === undefined ? -1 : this.#items.findIndex(({ key }) => key > horizon);
    return this.#items.splice(0, found === -1 ? this.#items.length : found);
  }
}

/** Reads the leaves of both sides in the order in which their keys begin, and compares as far as both are read. */
async function* joinLeaves(
  nodes: Nodes,
  olds: LeafQueue,
  news: LeafQueue,
  atOnce: number,
): AsyncGenerator<readonly Change[]> {
  while (olds.horizon !== undefined || news.horizon !== undefined) {
    const window: { readonly queue: LeafQueue; readonly span: Span }[] = [];
    while (window.length < atOnce) {
      const queue = isBehind(olds.horizon, news.horizon) ? olds : news;
      const span = queue.take();
      if (span === undefined) break;
      window.push({ queue, span });
    }
    const read = await nodes.read(window.map(({ span }) => span.child.id));
    for (const { queue, span } of window) {
      const node = read.get(span.child.id);
      if (node !== undefined) queue.add(LEAF_LEVEL.itemsOf(node));
    }
    const horizon = isBehind(olds.horizon, news.horizon) ? olds.horizon : news.horizon;
    const changes = compare(olds.upTo(horizon), news.upTo(horizon));
    if (changes.length > 0) yield changes;
  }
}

function isBehind(a: string | undefined, b: string | undefined): boolean {
  return b === undefined || (a !== undefined && a <= b);
}

function compare(olds: readonly LeafItem[], news: readonly LeafItem[]): Change[] {
  const changes: Change[] = [];
  let at = 0;
  for (const { key, body } of olds) {
    for (let item = news[at]; item !== undefined && item.key < key; item = news[at]) {
      changes.push({ key: item.key, before: null, after: item.body });
      at += 1;
    }
    const same = news[at];
    if (same?.key !== key) changes.push({ key, before: body, after: null });
    else {
      at += 1;
      if (!sameBody(body, same.body)) changes.push({ key, before: body, after: same.body });
    }
  }
  for (const { key, body } of news.slice(at)) changes.push({ key, before: null, after: body });
  return changes;
}
