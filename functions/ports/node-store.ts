import type { NewNode } from '../domain/config-tree/node.ts';
import type { NodeReader } from '../domain/config-tree/nodes.ts';

/** Keeps the nodes of config trees under their ids, each tenant's apart. A node never changes. */
export interface NodeStore {
  /**
   * Reads a tenant's nodes as canonical, uncompressed bytes, in batches with bounded concurrency. Whoever reads checks the digest.
   * Throws the faults `Unavailable` and `Throttled`, and `Corrupt` on bytes that do not unpack.
   */
  reader(tenant: string): NodeReader;
  /**
   * Puts nodes; done when every one is stored, so the head may be swapped after it. Always writes, also what is there already: the time of
   * the last put is what keeps a node from being swept before a head refers to it. Throws `Unavailable` and `Throttled`.
   */
  put(tenant: string, nodes: Iterable<NewNode>): Promise<void>;
}
