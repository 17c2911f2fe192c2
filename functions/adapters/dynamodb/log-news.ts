import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { LogNews, News } from '../../ports/log-news.ts';
import { BODY, decodeBody } from './body.ts';
import { conditional } from './call.ts';
import { type Item, integer, item, text } from './item.ts';
import { NEWS_PARTITIONS, newsFrom, newsPartitionsOf, newsUntil } from './keys-log.ts';
import { queryPage } from './read.ts';
import { news } from './schemas/log.ts';
import type { Table } from './table.ts';
import { itemOf } from './write.ts';
import { newsContent } from './write-news.ts';

/** One small item for each commit that appended to chains, in the partition of a shard of all tenants. */
export function dynamoLogNews(table: Table): LogNews {
  return {
    async tell(tenant, grown) {
      const command = new PutItemCommand({
        TableName: table.name,
        Item: itemOf(newsContent(tenant, grown)),
        ConditionExpression: 'attribute_not_exists(PK)',
      });
      await conditional(() => table.client.send(command));
    },

    // A position is a partition and the tenant before; one page names one tenant, since the next begins after all of its news.
    async tenants({ after = '0 ' }) {
      const [first = '0', before = ''] = after.split(' ');
      for (let at = Number(first), past = before; at < NEWS_PARTITIONS.length; at += 1, past = '') {
        const range = {
          partition: NEWS_PARTITIONS[at] ?? '',
          limit: 1,
          eventually: true as const,
          ...(past === '' ? {} : { after: newsUntil(past) }),
        };
        const [found] = (await queryPage(table, range)).items;
        const [tenant] = found === undefined ? [] : text(found, 'SK').split('#');
        if (tenant !== undefined) return { items: [tenant], next: `${at} ${tenant}` };
      }
      return { items: [] };
    },

    async of(tenant, most) {
      const found = await Promise.all(
        newsPartitionsOf(tenant).map((partition) =>
          queryPage(table, { partition, from: newsFrom(tenant), until: newsUntil(tenant), limit: most }),
        ),
      );
      return found
        .flatMap(({ items }) => items)
        .slice(0, most)
        .map((each) => newsIn(tenant, each));
    },

    async forget(_, { id, grown: [first] }) {
      const [PK = '', SK = ''] = id.split(' ');
      const command = new DeleteItemCommand({
        TableName: table.name,
        Key: item({ PK, SK }),
        ConditionExpression: 'attribute_not_exists(seq) OR seq = :seq',
        ExpressionAttributeValues: item({ ':seq': first?.seq ?? 0 }),
      });
      await conditional(() => table.client.send(command));
    },
  };
}

/** An item of version 0.1.0 has its chain in its key, and no body. */
function newsIn(tenant: string, found: Item): News {
  const [PK, SK] = [text(found, 'PK'), text(found, 'SK')];
  const id = `${PK} ${SK}`;
  if (found[BODY] !== undefined) return { id, ...decodeBody(found, news) };
  return { id, grown: [{ chain: SK.slice(newsFrom(tenant).length), seq: integer(found, 'seq') }] };
}
