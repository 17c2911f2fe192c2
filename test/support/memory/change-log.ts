import { changeKey, changesPartition, weakenedPartition } from '../../../functions/adapters/dynamodb/keys.ts';
import type { Change } from '../../../functions/domain/audit/change.ts';
import type { ChangeLog } from '../../../functions/ports/change-log.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';
import { creation, type Prepared } from './prepared.ts';

export function memoryChanges(memory: Memory): ChangeLog {
  const all = (tenant: string) => memory.changes.partition(changesPartition(tenant));
  return {
    newest: async (tenant) => all(tenant).at(-1),
    weakened: async (tenant, environment, after) =>
      memory.weakened.partition(weakenedPartition(tenant, environment)).filter(({ at }) => at >= after),
    after: async (tenant, seq, most) =>
      all(tenant)
        .filter((change) => change.seq > seq)
        .slice(0, most),
    list: async (tenant, order, page) =>
      pageOf(all(tenant), ({ seq }) => String(seq).padStart(12, '0'), page, order === 'newest_first'),
  };
}

/** A change in its place. */
export function changeWrite(memory: Memory, tenant: string, change: Change): Prepared {
  return creation(memory.changes, changeKey(tenant, change.seq), change);
}
