import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { PageRequest } from '../../ports/page.ts';
import type { PromotionDrive, PromotionRef } from '../../ports/promotion-store.ts';
import { conditional } from './call.ts';
import { type Item, item, text } from './item.ts';
import { SHARDS } from './key-parts.ts';
import { dueIndex, duePartition, dueUntil, promotionKey, promotionOf, workPartition } from './keys.ts';
import { queryPage } from './read.ts';
import type { Table } from './table.ts';

export function dynamoPromotionDrive(table: Table): PromotionDrive {
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

    withWork: async (page) => sharded(table, 'GSI2', workPartition, page),
    due: async (now, page) => sharded(table, 'GSI3', duePartition, page, dueUntil(now)),
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

/** One page over all shards, in the order of the sort keys; a position is a sort key, good for every shard. */
async function sharded(
  table: Table,
  index: 'GSI2' | 'GSI3',
  partition: (shard: number) => string,
  { limit, after }: PageRequest,
  until?: string,
) {
  const pages = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) =>
      queryPage(table, {
        partition: partition(shard),
        index,
        limit,
        ...(after === undefined ? {} : { after }),
        ...(until === undefined ? {} : { until }),
      }),
    ),
  );
  const sort = `${index}SK`;
  const found = pages.flatMap((page) => page.items).sort((a, b) => (text(a, sort) < text(b, sort) ? -1 : 1));
  const chosen = found.slice(0, limit);
  const items = chosen.flatMap((each) => promotionOf(text(each, 'PK')) ?? []);
  const last = chosen.at(-1);
  const more = found.length > limit || pages.some((page) => page.more);
  return more && last !== undefined ? { items, next: text(last, sort) } : { items };
}
