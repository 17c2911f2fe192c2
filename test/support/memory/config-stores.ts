import { randomBytes } from 'node:crypto';
import type { ChunkingKeys } from '../../../functions/ports/chunking-keys.ts';
import type { NodeSweep } from '../../../functions/ports/node-sweep.ts';
import type { MemoryNodeStore } from './node-store.ts';
import { pageOf } from './paging.ts';

export function memorySalts(): ChunkingKeys {
  const salts = new Map<string, Uint8Array>();
  return {
    async of(tenant) {
      const salt = salts.get(tenant) ?? randomBytes(32);
      salts.set(tenant, salt);
      return salt;
    },
  };
}

export function memoryNodeSweep(nodes: MemoryNodeStore): NodeSweep {
  return {
    async list(tenant, list, page) {
      const prefix = `sha256:${list.toString(16).padStart(2, '0')}`;
      const items = [...nodes.stored(tenant).keys()]
        .filter((id) => id.startsWith(prefix))
        .sort()
        .map((id) => ({ id, put_at: nodes.putAt(tenant, id) }));
      return pageOf(items, ({ id }) => id, page);
    },
    async remove(tenant, { id, put_at }) {
      if (nodes.putAt(tenant, id) !== put_at) return false;
      return nodes.stored(tenant).delete(id);
    },
  };
}
