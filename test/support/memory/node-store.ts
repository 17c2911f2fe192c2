import { packNode, unpackNode } from '../../../functions/adapters/node-codec.ts';
import type { NewNode } from '../../../functions/domain/config-tree/node.ts';
import type { NodeReader } from '../../../functions/domain/config-tree/nodes.ts';
import type { Digest } from '../../../functions/domain/digest.ts';
import type { NodeStore } from '../../../functions/ports/node-store.ts';

/** What a store has done so far; `itemBytes` are packed sizes without keys. */
export type NodeTraffic = {
  rounds: number;
  read: { readonly itemBytes: number }[];
  written: { readonly itemBytes: number }[];
};

/** Nodes in memory, packed as a table has them, with a count of what was moved. */
export class MemoryNodeStore implements NodeStore {
  readonly #tenants = new Map<string, Map<Digest, Uint8Array>>();
  readonly #putAt = new Map<string, number>();
  readonly #now: () => number;
  traffic: NodeTraffic = { rounds: 0, read: [], written: [] };

  /** `now` in milliseconds since 1970: when a node that is put was put. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  reader(tenant: string): NodeReader {
    return { read: async (ids) => this.#read(tenant, ids) };
  }

  async put(tenant: string, nodes: Iterable<NewNode>): Promise<void> {
    const stored = this.stored(tenant);
    for (const { id, bytes } of nodes) {
      const packed = packNode(bytes);
      stored.set(id, packed);
      this.#putAt.set(`${tenant}#${id}`, this.#now());
      this.traffic.written.push({ itemBytes: packed.length });
    }
  }

  /** The packed nodes of a tenant: for sweeping, and for tests that damage one. */
  stored(tenant: string): Map<Digest, Uint8Array> {
    const stored = this.#tenants.get(tenant) ?? new Map<Digest, Uint8Array>();
    this.#tenants.set(tenant, stored);
    return stored;
  }

  /** Every node of every tenant, and when it was last put. */
  everything(): readonly (readonly [string, string, number])[] {
    return [...this.#tenants].flatMap(([tenant, stored]) =>
      [...stored].map(
        ([id, packed]) => [id, Buffer.from(packed).toString('base64'), this.putAt(tenant, id)] as const,
      ),
    );
  }

  /** When a node was last put. */
  putAt(tenant: string, id: Digest): number {
    return this.#putAt.get(`${tenant}#${id}`) ?? 0;
  }

  /** What was moved since this was last asked. */
  takeTraffic(): NodeTraffic {
    const taken = this.traffic;
    this.traffic = { rounds: 0, read: [], written: [] };
    return taken;
  }

  #read(tenant: string, ids: readonly Digest[]): ReadonlyMap<Digest, Uint8Array> {
    const stored = this.stored(tenant);
    const found = new Map<Digest, Uint8Array>();
    this.traffic.rounds += 1;
    for (const id of ids) {
      const packed = stored.get(id);
      if (packed === undefined) continue;
      this.traffic.read.push({ itemBytes: packed.length });
      found.set(id, unpackNode(packed));
    }
    return found;
  }
}
