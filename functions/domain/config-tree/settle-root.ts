import type { Digest } from '../digest.ts';
import type { Boundary } from './boundary.ts';
import { growTree } from './build.ts';
import type { Sealed } from './chunker.ts';
import { decodeNode } from './decode-node.ts';
import type { Child, NewNode, Tree } from './node.ts';
import type { Nodes } from './nodes.ts';
import type { Top } from './paths.ts';

/** The nodes that a batch of edits has made so far. A branch with one child may end up above the root, so it is held back. */
export class Fresh {
  readonly #ids = new Set<Digest>();
  readonly #held = new Map<Digest, NewNode>();

  /** Remembers the new nodes of a level and answers those that are certain to stay. */
  take(sealed: readonly Sealed[], level: number): readonly NewNode[] {
    const certain: NewNode[] = [];
    for (const { node, single } of sealed) {
      this.#ids.add(node.id);
      if (single && level > 0) this.#held.set(node.id, node);
      else certain.push(node);
    }
    return certain;
  }

  has(id: Digest): boolean {
    return this.#ids.has(id);
  }

  /** A branch with one child that is not handed out yet. */
  held(id: Digest): NewNode | undefined {
    return this.#held.get(id);
  }

  drop(id: Digest): void {
    this.#held.delete(id);
  }

  rest(): readonly NewNode[] {
    return [...this.#held.values()];
  }
}

/**
 * Finds the root above or below `children`, which are all the nodes of the old root's level: levels are added while there are several, and
 * branches with one child are taken off. Answers the nodes that were still to be handed out.
 */
export async function settleRoot(
  nodes: Nodes,
  top: Top,
  children: readonly Child[],
  boundary: Boundary,
  fresh: Fresh,
): Promise<Tree & { readonly nodes: readonly NewNode[] }> {
  const grown = growTree(children, top.level + 1, boundary);
  let { root } = grown;
  if (children.length === 1) {
    for (let only = await onlyChild(nodes, root, fresh); only !== undefined; ) {
      fresh.drop(root);
      root = only;
      only = await onlyChild(nodes, root, fresh);
    }
  }
  const rest = [...fresh.rest(), ...grown.nodes].filter(({ id }) => id !== top.child.id);
  return { root, count: grown.count, nodes: rest };
}

async function onlyChild(nodes: Nodes, id: Digest, fresh: Fresh): Promise<Digest | undefined> {
  const held = fresh.held(id);
  if (held === undefined && fresh.has(id)) return undefined;
  const node = held === undefined ? await nodes.readOne(id) : decodeNode(held.bytes);
  if (node.kind !== 'branch' || node.items.length > 1) return undefined;
  return node.items[0]?.id;
}
