import { changesPartition, weakenedPartition } from '../../../functions/adapters/dynamodb/keys.ts';
import type { ChangeLog } from '../../../functions/ports/change-log.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryChanges(memory: Memory): ChangeLog {
  const all = (tenant: string) => memory.changes.partition(changesPartition(tenant));
  return {
    newest: async (tenant) => all(tenant).at(-1),
    weakened: async (tenant, environment, after) =>
      memory.weakened.partition(weakenedPartition(tenant, environment)).filter(({ at }) => at >= after),
    list: async (tenant, order, page) =>
      pageOf(all(tenant), ({ seq }) => String(seq).padStart(12, '0'), page, order === 'newest_first'),
  };
}
