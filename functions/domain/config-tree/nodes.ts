import type { Digest } from '../digest.ts';
import { digestOfBytesIn } from '../digest.ts';
import { Fault } from '../faults.ts';
import { decodeNode } from './decode-node.ts';
import type { Branch, Leaf, Node } from './node.ts';

/**
 * Where nodes come from. Answers the canonical bytes of those it has; a node it does not name is missing. Batches
 * and bounds its own concurrency, so that one call is one round.
 */
export interface NodeReader {
  read(ids: readonly Digest[], consistency: 'eventual' | 'strong'): Promise<ReadonlyMap<Digest, Uint8Array>>;
}

const REMEMBERED_NODES = 2048;

/**
 * The verified nodes of one operation. Everything read is checked against its id and decoded once; the most recently used
 * are remembered (about 25 KB each when they are leaves), since nodes never change.
 */
export class Nodes {
  readonly #reader: NodeReader;
  readonly #limit: number;
  readonly #remembered = new Map<Digest, Node>();
  readonly #seen = new Set<Digest>();

  constructor(reader: NodeReader, limit: number = REMEMBERED_NODES) {
    this.#reader = reader;
    this.#limit = limit;
  }

  /** Whether this operation has read the node from the store: a root above it kept it from being swept. */
  seen(id: Digest): boolean {
    return this.#seen.has(id);
  }

  /**
   * All the nodes named. A node that an eventually consistent read does not find is read once more, strongly; one still missing, or one
   * whose bytes are not its id's, is the fault `Corrupt`: never an empty subtree.
   */
  async read(ids: readonly Digest[]): Promise<ReadonlyMap<Digest, Node>> {
    const found = await this.readOnce(ids);
    for (const [id, node] of found) this.#remember(id, node);
    return found;
  }

  /** `read` for a long pass that comes by each node once: what it reads is not remembered. */
  async readOnce(ids: readonly Digest[]): Promise<ReadonlyMap<Digest, Node>> {
    const found = new Map<Digest, Node>();
    const wanted = new Set<Digest>();
    for (const id of ids) {
      const node = this.#remembered.get(id);
      if (node === undefined) wanted.add(id);
      else found.set(id, node);
    }
    for (const consistency of ['eventual', 'strong'] as const) {
      if (wanted.size === 0) break;
      const stored = await this.#reader.read([...wanted], consistency);
      for (const id of [...wanted]) {
        const bytes = stored.get(id);
        if (bytes === undefined) continue;
        found.set(id, verified(id, bytes));
        this.#seen.add(id);
        wanted.delete(id);
      }
    }
    for (const id of wanted) throw new Fault('Corrupt', `config node ${id} is missing`);
    return found;
  }

  /** One leaf or branch, as a root is. */
  async readOne(id: Digest): Promise<Leaf | Branch> {
    const node = (await this.read([id])).get(id);
    if (node === undefined || node.kind === 'part') throw new Fault('Corrupt', `${id} is no root`);
    return node;
  }

  #remember(id: Digest, node: Node): void {
    this.#remembered.delete(id);
    this.#remembered.set(id, node);
    if (this.#remembered.size > this.#limit) {
      for (const oldest of this.#remembered.keys()) {
        this.#remembered.delete(oldest);
        break;
      }
    }
  }
}

function verified(id: Digest, bytes: Uint8Array): Node {
  if (digestOfBytesIn('sluice/node/v1', bytes) !== id) {
    throw new Fault('Corrupt', `config node ${id} is not what its id says`);
  }
  return decodeNode(bytes);
}
