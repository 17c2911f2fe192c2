import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { type Grown, grownBy } from '../../ports/log-news.ts';
import type { Write } from '../../ports/transaction.ts';
import { newsKey } from './keys-log.ts';
import { type Content, itemOf } from './write.ts';

/** That the log is to be fed with what a commit appends to chains: one item, however many chains it appends to. */
export function newsItems(
  TableName: string,
  tenant: string,
  writes: readonly Write[],
): readonly TransactWriteItem[] {
  const [first, ...others] = grownBy(writes);
  if (first === undefined) return [];
  return [{ Put: { TableName, Item: itemOf(newsContent(tenant, first, others)) } }];
}

/** News as an item. */
export const newsContent = (tenant: string, first: Grown, others: readonly Grown[] = []): Content => ({
  key: newsKey(tenant, first),
  body: { grown: [first, ...others] },
});
