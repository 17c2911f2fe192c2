import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { PromotionRef, WorkflowRecords } from '../../ports/promotion-store.ts';
import { conditional } from './call.ts';
import { type Item, item, text } from './item.ts';
import { dueIndex, duePartition, dueUntil, promotionKey, promotionOf, workPartition } from './keys.ts';
import { sharded } from './sharded.ts';
import type { Table } from './table.ts';

export function dynamoWorkflowRecords(table: Table): WorkflowRecords {
  return {
    clearWork: async (ref, version, published) =>
      update(table, ref, {
        change: 'SET pub = :published REMOVE todo, GSI2PK, GSI2SK',
        when: 'ver = :version AND pub <= :published',
        values: item({ ':version': version, ':published': published }),
      }),

    async raiseAttempt(ref, from) {
      const raised = await update(table, ref, {
        change: 'SET attempt = :next',
        when: 'attempt = :from',
        values: item({ ':from': from, ':next': from + 1 }),
      });
      return raised ? from + 1 : undefined;
    },

    postpone: async (ref, version, due_at) => {
      const due = item(dueIndex(ref.tenant, ref.id, due_at));
      return update(table, ref, {
        change: 'SET GSI3PK = :partition, GSI3SK = :sort',
        when: 'ver = :version',
        values: {
          ...item({ ':version': version, ':partition': text(due, 'GSI3PK'), ':sort': text(due, 'GSI3SK') }),
        },
      });
    },

    withWork: async (page) =>
      sharded(table, { index: 'GSI2', partition: workPartition, refOf: promotionOf }, page),
    due: async (now, page) =>
      sharded(
        table,
        { index: 'GSI3', partition: duePartition, refOf: promotionOf, until: dueUntil(now) },
        page,
      ),
  };
}

type Change = { readonly change: string; readonly when: string; readonly values: Item };

/** Changes what drives a promotion, never what it is: its version stays. */
function update(
  table: Table,
  { tenant, id }: PromotionRef,
  { change, when, values }: Change,
): Promise<boolean> {
  const command = new UpdateItemCommand({
    TableName: table.name,
    Key: item(promotionKey(tenant, id)),
    UpdateExpression: change,
    ConditionExpression: when,
    ExpressionAttributeValues: values,
  });
  return conditional(() => table.client.send(command));
}
