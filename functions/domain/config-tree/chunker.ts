import type { Boundary } from './boundary.ts';
import { endsBehind } from './boundary.ts';
import { varintLength } from './bytes.ts';
import type { LevelKind } from './level-kind.ts';
import type { Child, NewNode } from './node.ts';
import { sharedPrefix } from './tree-key.ts';

/** A finished node and how the level above sees it. `single`: it has one item, so it may turn out to be above the root. */
export type Sealed = { readonly child: Child; readonly node: NewNode; readonly single: boolean };

/**
 * Cuts the items of one level into nodes, in one pass. Behind a boundary it remembers nothing, so whoever continues at an old boundary
 * with old items gets the old nodes.
 */
export class Chunker<Item extends { readonly key: string }> {
  readonly #kind: LevelKind<Item>;
  readonly #boundary: Boundary;
  #items: Item[] = [];
  #size = 0;
  #last = '';

  constructor(kind: LevelKind<Item>, boundary: Boundary) {
    this.#kind = kind;
    this.#boundary = boundary;
  }

  /** Whether the next item begins a node. */
  get empty(): boolean {
    return this.#items.length === 0;
  }

  /** Takes the next item; answers the node that it completes. Throws `RangeError` unless keys ascend. */
  push(item: Item): Sealed | undefined {
    const { key } = item;
    if (this.#last !== '' && key <= this.#last) throw new RangeError('keys of a tree ascend');
    const shared = this.empty ? 0 : sharedPrefix(this.#last, key);
    const rest = key.length - shared;
    const before = this.#size;
    this.#size += varintLength(shared) + varintLength(rest) + rest + this.#kind.cost(item);
    this.#items.push(item);
    this.#last = key;
    const patience = () => this.#boundary.patience(this.#kind.level, key);
    return endsBehind(this.#kind.limits, before, this.#size, patience) ? this.flush() : undefined;
  }

  /** Ends the level: the node of what is left, if anything is. */
  flush(): Sealed | undefined {
    const items = this.#items;
    const key = items.at(-1)?.key;
    if (key === undefined) return undefined;
    const node = this.#kind.encode(items);
    const child = { key, id: node.id, count: this.#kind.count(items), parts: this.#kind.parts(items) };
    this.#items = [];
    this.#size = 0;
    return { child, node, single: items.length === 1 };
  }
}
