import type { Digest } from '../digest.ts';
import type { KeyRange } from './key-range.ts';
import { rangesMeet } from './key-range.ts';
import { branchLevel } from './level-kind.ts';
import type { Child, Node } from './node.ts';
import { childOf } from './node.ts';
import type { Nodes } from './nodes.ts';

/** A node and where its keys begin: all are above `low` and up to `child.key`. */
export type Span = { readonly child: Child; readonly low: string };

/** The root as a span, and its level. */
export async function rootSpan(
  nodes: Nodes,
  root: Digest,
): Promise<{ readonly level: number; readonly span: Span }> {
  const node = await nodes.readOne(root);
  return { level: node.level, span: { child: childOf(root, node), low: '' } };
}

/** The children, among the nodes read, of branches of one level that may hold keys of the sorted ranges. */
export function childSpans(
  read: ReadonlyMap<Digest, Node>,
  level: number,
  spans: readonly Span[],
  ranges: readonly KeyRange[],
): Span[] {
  const below: Span[] = [];
  for (const { child, low } of spans) {
    const node = read.get(child.id);
    let from = low;
    for (const item of node === undefined ? [] : branchLevel(level).itemsOf(node)) {
      if (rangesMeet(ranges, from, item.key)) below.push({ child: item, low: from });
      from = item.key;
    }
  }
  return below;
}

/** The ids of spans. */
export function idsOf(spans: readonly Span[]): Digest[] {
  return spans.map(({ child }) => child.id);
}
