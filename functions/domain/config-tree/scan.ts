import type { Digest } from '../digest.ts';
import type { KeyRange } from './key-range.ts';
import { rangeAfter, rangesHold, rangesMeet, unionOfRanges } from './key-range.ts';
import { LEAF_LEVEL } from './level-kind.ts';
import type { Body, LeafItem } from './node.ts';
import type { Nodes } from './nodes.ts';
import { readPaths, readTop } from './paths.ts';
import type { Span } from './spans.ts';
import { childSpans, idsOf, rootSpan } from './spans.ts';
import { compareKeys } from './tree-key.ts';

/** How many entries a tree has; reads its root. */
export async function countEntries(nodes: Nodes, root: Digest): Promise<number> {
  return (await readTop(nodes, root)).child.count;
}

/** The bodies of those keys that the tree has; one round per level, whatever the number of keys. */
export async function getBodies(
  nodes: Nodes,
  root: Digest,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Body>> {
  const wanted = new Set(keys);
  const top = await readTop(nodes, root);
  const found = new Map<string, Body>();
  for (const node of (await readPaths(nodes, top, 0, [...wanted].sort(compareKeys))).values()) {
    if (node.kind !== 'leaf') continue;
    for (const { key, body } of node.items) if (wanted.has(key)) found.set(key, body);
  }
  return found;
}

/** A page of a scan; `after` is the key to continue behind, absent on the last page. */
export type ScanPage = { readonly items: readonly LeafItem[]; readonly after?: string };

/**
 * At most `limit` (1 or more) items of sorted ranges, in order, behind a key. Subtree counts tell how many nodes that takes, so a page reads
 * about what it answers, in one round per level. A root never changes: pages of one root are one snapshot.
 */
export async function scanPage(
  nodes: Nodes,
  root: Digest,
  request: { readonly ranges: readonly KeyRange[]; readonly limit: number; readonly after?: string },
): Promise<ScanPage> {
  const { limit, after } = request;
  let ranges = unionOfRanges(request.ranges.map((range) => rangeAfter(range, after)));
  const items: LeafItem[] = [];
  while (items.length <= limit) {
    const spans = await leafSpans(nodes, root, ranges, limit + 1 - items.length);
    const last = spans.at(-1);
    if (last === undefined) break;
    items.push(...(await itemsOf(nodes, spans, ranges)));
    ranges = unionOfRanges(ranges.map((range) => rangeAfter(range, last.child.key)));
  }
  const page = items.slice(0, limit);
  const end = page.at(-1);
  return items.length > limit && end !== undefined ? { items: page, after: end.key } : { items: page };
}

const WINDOW = 100;

/** Every item of the ranges, in order, in batches; holds a window of leaves at a time. */
export async function* scanAll(
  nodes: Nodes,
  root: Digest,
  ranges: readonly KeyRange[],
): AsyncGenerator<readonly LeafItem[]> {
  const sorted = unionOfRanges(ranges);
  const spans = await leafSpans(nodes, root, sorted, Number.POSITIVE_INFINITY);
  for (let at = 0; at < spans.length; at += WINDOW) {
    yield await itemsOf(nodes, spans.slice(at, at + WINDOW), sorted);
  }
}

/** The first leaves of the ranges that are sure to have `enough` items of them, or all. */
async function leafSpans(
  nodes: Nodes,
  root: Digest,
  ranges: readonly KeyRange[],
  enough: number,
): Promise<Span[]> {
  if (ranges.length === 0) return [];
  const { level, span } = await rootSpan(nodes, root);
  if (!rangesMeet(ranges, span.low, span.child.key)) return [];
  let spans = [span];
  for (let at = level; at > 0; at -= 1) {
    const read = await nodes.read(idsOf(spans));
    spans = withEnough(childSpans(read, at, spans, ranges), ranges, enough);
  }
  return spans;
}

/** Counts only nodes that lie in one range altogether: of the others any number may be outside. */
function withEnough(spans: Span[], ranges: readonly KeyRange[], enough: number): Span[] {
  if (enough === Number.POSITIVE_INFINITY) return spans;
  let sure = 0;
  const needed = spans.findIndex(({ child, low }) => {
    const inside = ranges.some((range) => range.from <= `${low}\0` && child.key < range.to);
    sure += inside ? child.count : 0;
    return sure >= enough;
  });
  return needed === -1 ? spans : spans.slice(0, needed + 1);
}

async function itemsOf(
  nodes: Nodes,
  spans: readonly Span[],
  ranges: readonly KeyRange[],
): Promise<LeafItem[]> {
  const read = await nodes.readOnce(idsOf(spans));
  return spans.flatMap(({ child }) => {
    const node = read.get(child.id);
    const items = node === undefined ? [] : LEAF_LEVEL.itemsOf(node);
    return items.filter(({ key }) => rangesHold(ranges, key));
  });
}
