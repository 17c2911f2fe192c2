import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LogNews } from '../../ports/log-news.ts';
import { conditional } from './call.ts';
import { integer, item, text } from './item.ts';
import { NEWS_SHARDS, newsFrom, newsKey, newsPartition, newsPartitionOf, newsUntil } from './keys-log.ts';
import { queryPage } from './read.ts';
import type { Table } from './table.ts';

/** One small item for each chain that has grown, in the partition of a shard of all tenants. */
export function dynamoLogNews(table: Table): LogNews {
  return {
    async tell(tenant, { chain, seq }) {
      const command = new PutItemCommand({
        TableName: table.name,
        Item: item({ ...newsKey(tenant, chain), seq }),
        ConditionExpression: 'attribute_not_exists(PK) OR seq < :seq',
        ExpressionAttributeValues: item({ ':seq': seq }),
      });
      await conditional(() => table.client.send(command));
    },

    // A position is a shard and the tenant before; one page names one tenant, since the next begins after all of its news.
    async tenants({ after = '0 ' }) {
      const [first = '0', before = ''] = after.split(' ');
      for (let shard = Number(first), past = before; shard < NEWS_SHARDS; shard += 1, past = '') {
        const range = {
          partition: newsPartition(shard),
          limit: 1,
          ...(past === '' ? {} : { after: newsUntil(past) }),
        };
        const [found] = (await queryPage(table, range)).items;
        const [tenant] = found === undefined ? [] : text(found, 'SK').split('#');
        if (tenant !== undefined) return { items: [tenant], next: `${shard} ${tenant}` };
      }
      return { items: [] };
    },

    async of(tenant, most) {
      const range = { partition: newsPartitionOf(tenant), from: newsFrom(tenant), until: newsUntil(tenant) };
      const { items } = await queryPage(table, { ...range, limit: most });
      return items.map((each) => ({
        chain: text(each, 'SK').slice(newsFrom(tenant).length),
        seq: integer(each, 'seq'),
      }));
    },

    async forget(tenant, { chain, seq }) {
      const command = new DeleteItemCommand({
        TableName: table.name,
        Key: item(newsKey(tenant, chain)),
        ConditionExpression: 'seq = :seq',
        ExpressionAttributeValues: item({ ':seq': seq }),
      });
      await conditional(() => table.client.send(command));
    },
  };
}
