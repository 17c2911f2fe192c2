import { stoppedKey, stoppedPartition, unblockKey } from '../../../functions/adapters/dynamodb/keys.ts';
import type { UnblockRecords } from '../../../functions/ports/unblock-records.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';
import type { Prepared, WriteOf } from './prepared.ts';

export function memoryOpenings(memory: Memory): UnblockRecords {
  return {
    stopped: async (tenant, environment, page) =>
      pageOf(memory.stopped.partition(stoppedPartition(tenant, environment)), ({ id }) => id, page),
    async leave(tenant, environment, { id, version }) {
      const key = stoppedKey(tenant, environment, id);
      if (memory.stopped.get(key)?.version !== version) return false;
      memory.stopped.delete(key);
      return true;
    },
    async withWork(page) {
      const all = memory.unblockRecords.all().filter(({ work }) => work);
      const found = pageOf(all, ({ tenant, environment }) => `${tenant}#${environment}`, page);
      return { ...found, items: found.items.map(({ work: _, ...opening }) => opening) };
    },
    async clearWork({ tenant, environment, version }) {
      const key = unblockKey(tenant, environment);
      const kept = memory.unblockRecords.get(key);
      if (kept?.version !== version) return false;
      memory.unblockRecords.set(key, { ...kept, work: false });
      return true;
    },
  };
}

export function stoppedWrite(memory: Memory, tenant: string, write: WriteOf<'stopped'>): Prepared {
  const { environment, promotion_id: id } = write;
  const key = stoppedKey(tenant, environment, id);
  return {
    keys: [key],
    holds: true,
    apply: () => memory.stopped.set(key, { id, version: (memory.stopped.get(key)?.version ?? 0) + 1 }),
  };
}

export function openedWrite(memory: Memory, tenant: string, { environment }: WriteOf<'opened'>): Prepared {
  const key = unblockKey(tenant, environment);
  return {
    keys: [key],
    holds: true,
    apply() {
      const version = (memory.unblockRecords.get(key)?.version ?? 0) + 1;
      memory.unblockRecords.set(key, { tenant, environment, version, work: true });
    },
  };
}
