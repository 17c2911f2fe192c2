import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LogTree } from '../../ports/log-tree.ts';
import { decodeBody } from './body.ts';
import { conditional } from './call.ts';
import { type Item, integer, item } from './item.ts';
import { logHeadKey, logPlaceKey } from './keys-log.ts';
import { readItem } from './read.ts';
import { logHead } from './schemas/log.ts';
import type { Table } from './table.ts';
import { type Content, itemOf } from './write.ts';

export function dynamoLogTree(table: Table): LogTree {
  const put = (content: Content, when: string, values?: Item): Promise<boolean> =>
    conditional(() =>
      table.client.send(
        new PutItemCommand({
          TableName: table.name,
          Item: itemOf(content),
          ConditionExpression: when,
          ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        }),
      ),
    );
  return {
    async read(tenant) {
      const found = await readItem(table, logHeadKey(tenant));
      return found === undefined
        ? undefined
        : { head: decodeBody(found, logHead), version: integer(found, 'ver') };
    },

    swap: (tenant, version, head) => {
      const content = { key: logHeadKey(tenant), body: head, attributes: { ver: version + 1 } };
      return version === 0
        ? put(content, 'attribute_not_exists(PK)')
        : put(content, 'ver = :version', item({ ':version': version }));
    },

    async place(tenant, chain) {
      const found = await readItem(table, logPlaceKey(tenant, chain));
      return found === undefined ? undefined : { seq: integer(found, 'seq'), index: integer(found, 'leaf') };
    },

    async keep(tenant, chain, { seq, index }) {
      const content = { key: logPlaceKey(tenant, chain), attributes: { seq, leaf: index } };
      await put(content, 'attribute_not_exists(PK) OR seq < :seq', item({ ':seq': seq }));
    },
  };
}
