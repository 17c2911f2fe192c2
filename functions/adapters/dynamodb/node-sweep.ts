import { DeleteItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type { NodeSweep } from '../../ports/node-sweep.ts';
import { call, conditional } from './call.ts';
import { integer, item, text } from './item.ts';
import { nodeKey, nodesPartition } from './keys.ts';
import { PUT_AT } from './node-store.ts';
import type { Table } from './table.ts';

/** Lists and removes config nodes. Reading a list costs what the whole items cost, whatever is projected. */
export function dynamoNodeSweep(table: Table): NodeSweep {
  return {
    async list(tenant, list, { limit, after }) {
      const command = new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: after === undefined ? 'PK = :list' : 'PK = :list AND SK > :after',
        ExpressionAttributeValues: item({
          ':list': nodesPartition(tenant, list.toString(16).padStart(2, '0')),
          ...(after === undefined ? {} : { ':after': after }),
        }),
        ProjectionExpression: `PK, SK, ${PUT_AT}`,
        Limit: limit,
      });
      const { Items = [], LastEvaluatedKey } = await call(() => table.client.send(command));
      const items = Items.map((each) => ({
        id: `sha256:${text(each, 'SK')}` as const,
        put_at: integer(each, PUT_AT),
      }));
      return LastEvaluatedKey === undefined ? { items } : { items, next: text(LastEvaluatedKey, 'SK') };
    },
    remove: (tenant, { id, put_at }) =>
      conditional(() =>
        table.client.send(
          new DeleteItemCommand({
            TableName: table.name,
            Key: item(nodeKey(tenant, id)),
            ConditionExpression: `${PUT_AT} = :seen`,
            ExpressionAttributeValues: item({ ':seen': put_at }),
          }),
        ),
      ),
  };
}
