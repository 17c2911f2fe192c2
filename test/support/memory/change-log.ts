import { changesPartition } from '../../../functions/adapters/dynamodb/keys.ts';
import type { ChangeLog } from '../../../functions/ports/change-log.ts';
import type { Memory } from './cells.ts';
import { pageOf } from './paging.ts';

export function memoryChanges(memory: Memory): ChangeLog {
  const all = (tenant: string) => memory.changes.partition(changesPartition(tenant));
  return {
    newest: async (tenant) => all(tenant).at(-1),
    list: async (tenant, order, page) =>
      pageOf(all(tenant), ({ seq }) => String(seq).padStart(12, '0'), page, order === 'newest_first'),
  };
}
