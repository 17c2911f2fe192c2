import { corrupt, varintLength } from './bytes.ts';
import { encodeBranch, encodeLeaf, headOf } from './encode-node.ts';
import type { Child, LeafItem, NewNode, Node } from './node.ts';
import { countOf, leafHasParts, sameBody } from './node.ts';
import type { Limits } from './parameters.ts';
import { BRANCH, LEAF } from './parameters.ts';

/** What differs between levels; cutting and editing are the same on all. */
export type LevelKind<Item extends { readonly key: string }> = {
  readonly level: number;
  readonly limits: Limits;
  /** Bytes of an item without its key. */
  readonly cost: (item: Item) => number;
  readonly same: (a: Item, b: Item) => boolean;
  readonly encode: (items: readonly Item[]) => NewNode;
  readonly count: (items: readonly Item[]) => number;
  readonly parts: (items: readonly Item[]) => boolean;
  /** The items of a node of this level; the fault `Corrupt` when it is of another. */
  readonly itemsOf: (node: Node) => readonly Item[];
};

export const LEAF_LEVEL: LevelKind<LeafItem> = {
  level: 0,
  limits: LEAF,
  cost: ({ body }) =>
    varintLength(headOf(body)) + ('inline' in body ? body.inline.length : body.parts.length * 32),
  same: (a, b) => sameBody(a.body, b.body),
  encode: encodeLeaf,
  count: (items) => items.length,
  parts: leafHasParts,
  itemsOf(node) {
    if (node.kind !== 'leaf') throw corrupt(`a ${node.kind} where a leaf belongs`);
    return node.items;
  },
};

/** Level 1 and up. */
export function branchLevel(level: number): LevelKind<Child> {
  return {
    level,
    limits: BRANCH,
    cost: ({ count }) => varintLength(count * 2) + 32,
    same: (a, b) => a.id === b.id,
    encode: (items) => encodeBranch(level, items),
    count: countOf,
    parts: (items) => items.some((child) => child.parts),
    itemsOf(node) {
      if (node.kind !== 'branch' || node.level !== level) throw corrupt(`no branch of level ${level}`);
      return node.items;
    },
  };
}
