import type { Digest } from '../digest.ts';
import { branchLevel } from './level-kind.ts';
import type { Child, Node } from './node.ts';
import { childOf } from './node.ts';
import type { Nodes } from './nodes.ts';

/** The root as a child of nothing, with its level. */
export type Top = { readonly child: Child; readonly level: number };

export async function readTop(nodes: Nodes, root: Digest): Promise<Top> {
  const node = await nodes.readOne(root);
  return { child: childOf(root, node), level: node.level };
}

/**
 * Reads every node, from the root down to `level`, in which one of the keys lies or would lie: one round per level. `keys` ascend.
 */
export async function readPaths(
  nodes: Nodes,
  top: Top,
  level: number,
  keys: readonly string[],
): Promise<Map<Digest, Node>> {
  const read = new Map<Digest, Node>();
  let wave = [top.child];
  for (let at = top.level; wave.length > 0; at -= 1) {
    const answered = await nodes.read(wave.map(({ id }) => id));
    for (const [id, node] of answered) read.set(id, node);
    if (at === level) break;
    wave = childrenOnPaths(wave, answered, at, keys);
  }
  return read;
}

function childrenOnPaths(
  wave: readonly Child[],
  answered: ReadonlyMap<Digest, Node>,
  level: number,
  keys: readonly string[],
): Child[] {
  const next: Child[] = [];
  const last = wave.at(-1);
  let at = 0;
  for (const parent of wave) {
    const node = answered.get(parent.id);
    if (node === undefined) continue;
    const children = branchLevel(level).itemsOf(node);
    for (let key = keys[at]; key !== undefined; key = keys[at]) {
      if (key > parent.key && parent !== last) break;
      const child = childFor(children, key) ?? children.at(-1);
      if (child !== undefined && next.at(-1) !== child) next.push(child);
      at += 1;
    }
  }
  return next;
}

/** The first child that reaches up to a key. */
export function childFor(children: readonly Child[], key: string): Child | undefined {
  return children[firstReaching(children, key)];
}

/** The index of the first item whose key is not below `key`; the length when there is none. */
export function firstReaching(items: readonly { readonly key: string }[], key: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && item.key < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
