import type { Digest } from '../digest.ts';
import { sameBytes } from './bytes.ts';

/** What an entry says, as bytes: in the leaf itself, or, above `MAX_INLINE_BYTES`, in part nodes in order. */
export type Body =
  | { readonly inline: Uint8Array }
  | { readonly size: number; readonly parts: readonly Digest[] };

/** One entry of a leaf. */
export type LeafItem = { readonly key: string; readonly body: Body };

/**
 * A node seen from above. `key` is its last key, `count` the entries below it, `parts` whether any of them has its body in
 * part nodes (so that marking need not read leaves without).
 */
export type Child = {
  readonly key: string;
  readonly id: Digest;
  readonly count: number;
  readonly parts: boolean;
};

export type Leaf = { readonly kind: 'leaf'; readonly level: 0; readonly items: readonly LeafItem[] };
/** Level 1 is above the leaves. All nodes of one level are equally far from the leaves. */
export type Branch = { readonly kind: 'branch'; readonly level: number; readonly items: readonly Child[] };
export type Part = { readonly kind: 'part'; readonly bytes: Uint8Array };
export type Node = Leaf | Branch | Part;

/** A node to put in the store: its id and its canonical, uncompressed bytes. */
export type NewNode = { readonly id: Digest; readonly bytes: Uint8Array };

/** A root and the number of entries below it. */
export type Tree = { readonly root: Digest; readonly count: number };

export function sameBody(a: Body, b: Body): boolean {
  if ('inline' in a) return 'inline' in b && sameBytes(a.inline, b.inline);
  return !('inline' in b) && a.size === b.size && a.parts.every((id, i) => id === b.parts[i]);
}

/** How a node looks from above. An empty leaf, which only an empty tree has, has the key ''. */
export function childOf(id: Digest, node: Leaf | Branch): Child {
  const key = node.items.at(-1)?.key ?? '';
  switch (node.kind) {
    case 'leaf':
      return { key, id, count: node.items.length, parts: leafHasParts(node.items) };
    case 'branch':
      return { key, id, count: countOf(node.items), parts: node.items.some((child) => child.parts) };
    default:
      return node satisfies never;
  }
}

export function leafHasParts(items: readonly LeafItem[]): boolean {
  return items.some((item) => !('inline' in item.body));
}

export function countOf(children: readonly Child[]): number {
  return children.reduce((sum, child) => sum + child.count, 0);
}
