import { DeleteItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { UnblockRecord, UnblockRecords } from '../../ports/unblock-records.ts';
import { conditional } from './call.ts';
import { integer, item, text } from './item.ts';
import { stoppedKey, stoppedPartition, UNBLOCK_RECORDS, unblockKey, unblockOf } from './keys.ts';
import { queryPage, readItem } from './read.ts';
import type { Table } from './table.ts';

export function dynamoUnblockRecords(table: Table): UnblockRecords {
  return {
    async stopped(tenant, environment, page) {
      const found = await queryPage(table, { partition: stoppedPartition(tenant, environment), ...page });
      const items = found.items.map((each) => ({ id: text(each, 'SK'), version: integer(each, 'ver') }));
      const last = items.at(-1);
      return found.more && last !== undefined ? { items, next: last.id } : { items };
    },

    leave: async (tenant, environment, { id, version }) => {
      const command = new DeleteItemCommand({
        TableName: table.name,
        Key: item(stoppedKey(tenant, environment, id)),
        ConditionExpression: 'ver = :version',
        ExpressionAttributeValues: item({ ':version': version }),
      });
      return conditional(() => table.client.send(command));
    },

    async withWork(page) {
      const found = await queryPage(table, { partition: UNBLOCK_RECORDS, index: 'GSI2', ...page });
      const openings: UnblockRecord[] = [];
      for (const each of found.items) {
        const { tenant, environment } = unblockOf(text(each, 'GSI2SK'));
        const stored = await readItem(table, unblockKey(tenant, environment));
        if (stored !== undefined) openings.push({ tenant, environment, version: integer(stored, 'ver') });
      }
      const last = found.items.at(-1);
      return found.more && last !== undefined
        ? { items: openings, next: text(last, 'GSI2SK') }
        : { items: openings };
    },

    clearWork: async ({ tenant, environment, version }) => {
      const command = new UpdateItemCommand({
        TableName: table.name,
        Key: item(unblockKey(tenant, environment)),
        UpdateExpression: 'REMOVE GSI2PK, GSI2SK',
        ConditionExpression: 'ver = :version',
        ExpressionAttributeValues: item({ ':version': version }),
      });
      return conditional(() => table.client.send(command));
    },
  };
}
