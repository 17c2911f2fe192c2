import type { ChangeLog } from '../../ports/change-log.ts';
import { decodeBody } from './body.ts';
import { changeKey, changesPartition, weakenedPartition } from './keys.ts';
import { bodyPage, queryAll } from './read.ts';
import { change, weakened } from './schemas/change.ts';
import type { Table } from './table.ts';

export function dynamoChangeLog(table: Table): ChangeLog {
  return {
    async newest(tenant) {
      const range = { partition: changesPartition(tenant), newestFirst: true };
      return (await bodyPage(table, range, { limit: 1 }, change)).items[0];
    },
    async weakened(tenant, environment, after) {
      const found = await queryAll(table, { partition: weakenedPartition(tenant, environment), after });
      return found.map((each) => decodeBody(each, weakened));
    },
    async after(tenant, seq, most) {
      const { PK, SK } = changeKey(tenant, seq);
      return (await bodyPage(table, { partition: PK }, { limit: most, after: SK }, change)).items;
    },
    list: async (tenant, order, page) => {
      const range = { partition: changesPartition(tenant), newestFirst: order === 'newest_first' };
      return bodyPage(table, range, page, change);
    },
  };
}
