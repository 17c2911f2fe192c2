import type { ChangeLog } from '../../ports/change-log.ts';
import { changesPartition } from './keys.ts';
import { bodyPage } from './read.ts';
import { change } from './schemas/change.ts';
import type { Table } from './table.ts';

export function dynamoChangeLog(table: Table): ChangeLog {
  return {
    async newest(tenant) {
      const range = { partition: changesPartition(tenant), newestFirst: true };
      return (await bodyPage(table, range, { limit: 1 }, change)).items[0];
    },
    list: async (tenant, order, page) => {
      const range = { partition: changesPartition(tenant), newestFirst: order === 'newest_first' };
      return bodyPage(table, range, page, change);
    },
  };
}
