import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Cursors } from '../../ports/cursors.ts';
import { call } from './call.ts';
import { item, text } from './item.ts';
import { cursorKey } from './keys.ts';
import { readItem } from './read.ts';
import type { Table } from './table.ts';

export function dynamoCursors(table: Table): Cursors {
  return {
    async read(walk) {
      const found = await readItem(table, cursorKey(walk));
      return found === undefined ? undefined : text(found, 'at');
    },

    async write(walk, position) {
      const key = cursorKey(walk);
      if (position === undefined) {
        await call(() => table.client.send(new DeleteItemCommand({ TableName: table.name, Key: item(key) })));
        return;
      }
      const Item = item({ ...key, at: position });
      await call(() => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
    },
  };
}
