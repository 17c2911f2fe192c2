import type { Boundary } from './boundary.ts';
import type { Sealed } from './chunker.ts';
import { Chunker } from './chunker.ts';
import { encodeLeaf } from './encode-node.ts';
import { branchLevel, LEAF_LEVEL } from './level-kind.ts';
import type { Child, LeafItem, NewNode, Tree } from './node.ts';

/** An item to build from, with the part nodes of its body (`bodyOf`), which are passed on. */
export type BuildItem = LeafItem & { readonly parts?: readonly NewNode[] };

/**
 * Builds a tree from items whose keys ascend. Yields each node when it is complete and returns the root: whoever puts nodes as they come
 * holds one node per level and a reference per leaf, never the tree.
 */
export function* buildTree(items: Iterable<BuildItem>, boundary: Boundary): Generator<NewNode, Tree> {
  const builder = new TreeBuilder(boundary);
  for (const item of items) yield* builder.push(item);
  const { nodes, ...tree } = builder.finish();
  yield* nodes;
  return tree;
}

/** `buildTree` for items that come in pieces. */
export class TreeBuilder {
  readonly #boundary: Boundary;
  readonly #leaves: Chunker<LeafItem>;
  readonly #children: Child[] = [];

  constructor(boundary: Boundary) {
    this.#boundary = boundary;
    this.#leaves = new Chunker(LEAF_LEVEL, boundary);
  }

  /** The nodes that this item completes. Throws `RangeError` unless keys ascend. */
  push({ key, body, parts = [] }: BuildItem): readonly NewNode[] {
    const sealed = this.#leaves.push({ key, body });
    if (sealed === undefined) return parts;
    this.#children.push(sealed.child);
    return [...parts, sealed.node];
  }

  /** The remaining nodes and the root. */
  finish(): Tree & { readonly nodes: readonly NewNode[] } {
    const sealed = this.#leaves.flush();
    if (sealed !== undefined) this.#children.push(sealed.child);
    const grown = growTree(this.#children, 1, this.#boundary);
    return sealed === undefined ? grown : { ...grown, nodes: [sealed.node, ...grown.nodes] };
  }
}

/**
 * Puts levels above the children, from `level` up, until one node is left: the root is the lowest node that sees everything. No
 * children at all is the empty leaf.
 */
export function growTree(
  children: readonly Child[],
  level: number,
  boundary: Boundary,
): Tree & { readonly nodes: readonly NewNode[] } {
  const nodes: NewNode[] = [];
  let current = children;
  for (let at = level; current.length > 1; at += 1) {
    const sealed = cutLevel(current, at, boundary);
    for (const { node } of sealed) nodes.push(node);
    current = sealed.map(({ child }) => child);
  }
  const [root] = current;
  if (root !== undefined) return { root: root.id, count: root.count, nodes };
  const empty = encodeLeaf([]);
  return { root: empty.id, count: 0, nodes: [empty] };
}

function cutLevel(children: readonly Child[], level: number, boundary: Boundary): Sealed[] {
  const chunker = new Chunker(branchLevel(level), boundary);
  const sealed = children.map((child) => chunker.push(child));
  return [...sealed, chunker.flush()].filter((node) => node !== undefined);
}
