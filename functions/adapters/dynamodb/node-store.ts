import type { NewNode } from '../../domain/config-tree/node.ts';
import { type Digest, digestOfBytesIn } from '../../domain/digest.ts';
import type { NodeStore } from '../../ports/node-store.ts';
import { ByteCache } from '../byte-cache.ts';
import { packNode, unpackNode } from '../node-codec.ts';
import { putBatches, readBatches } from './batches.ts';
import { type Item, item, text } from './item.ts';
import { nodeKey } from './keys.ts';
import type { Table } from './table.ts';

/** Unpacked bytes that one function keeps: a tenth of its memory, about 8,000 leaves. */
const CACHE_BYTES = 64 * 1024 * 1024;

/** Nodes whose items are made and held at once while a large tree is put. */
const PUT_WINDOW = 400;

/** When a node was last put: what keeps it from being swept. */
export const PUT_AT = 't';
const PACKED = 'n';

/**
 * Config nodes in the table, packed, one item each. Nodes never change, so what was read and is what its id says is kept; a strong read
 * asks the table.
 */
export function dynamoNodeStore(
  table: Table,
  now: () => number = Date.now,
  cache: ByteCache = new ByteCache(CACHE_BYTES),
): NodeStore {
  return {
    reader: (tenant) => ({
      async read(ids, consistency) {
        const found = new Map<Digest, Uint8Array>();
        const wanted: Digest[] = [];
        for (const id of new Set(ids)) {
          const bytes = consistency === 'strong' ? undefined : cache.get(nameOf(tenant, id));
          if (bytes === undefined) wanted.push(id);
          else found.set(id, bytes);
        }
        const keys = wanted.map((id) => nodeKey(tenant, id));
        for (const stored of await readBatches(table, keys, consistency)) {
          const id: Digest = `sha256:${text(stored, 'SK')}`;
          const bytes = unpackNode(stored[PACKED]?.B ?? new Uint8Array());
          if (digestOfBytesIn('sluice/node/v1', bytes) === id) cache.set(nameOf(tenant, id), bytes);
          found.set(id, bytes);
        }
        return found;
      },
    }),
    async put(tenant, nodes) {
      const put_at = now();
      let window = new Map<Digest, Item>();
      for (const node of nodes) {
        window.set(node.id, itemOf(tenant, node, put_at));
        if (window.size < PUT_WINDOW) continue;
        await putBatches(table, [...window.values()]);
        window = new Map();
      }
      await putBatches(table, [...window.values()]);
    },
  };
}

function itemOf(tenant: string, { id, bytes }: NewNode, put_at: number): Item {
  return item({ ...nodeKey(tenant, id), [PUT_AT]: put_at, [PACKED]: { B: packNode(bytes) } });
}

/** The cache is shared by all tenants that one process serves: a hash alone must not reach another's node. */
function nameOf(tenant: string, id: Digest): string {
  return `${tenant}#${id}`;
}
