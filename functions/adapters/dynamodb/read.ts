import { BatchGetItemCommand, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import type * as z from 'zod/mini';
import { Fault } from '../../domain/faults.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import { decodeBody } from './body.ts';
import { call } from './call.ts';
import { type Item, item, text } from './item.ts';
import type { Key } from './key-parts.ts';
import type { Table } from './table.ts';
import type { Condition } from './write.ts';

/** One item, strongly consistent unless the table is read late. */
export async function readItem(table: Table, key: Key): Promise<Item | undefined> {
  const command = new GetItemCommand({
    TableName: table.name,
    Key: item(key),
    ConsistentRead: isStrong(table),
  });
  return (await call(() => table.client.send(command))).Item;
}

const isStrong = ({ late }: Table): boolean => late !== true;

/** One item as it was a moment ago: eventually consistent, at half the price. */
export async function peekItem(table: Table, key: Key): Promise<Item | undefined> {
  const command = new GetItemCommand({ TableName: table.name, Key: item(key) });
  return (await call(() => table.client.send(command))).Item;
}

/** The body of one item, strongly consistent. */
export async function readBody<T>(table: Table, key: Key, schema: z.ZodMiniType<T>): Promise<T | undefined> {
  const found = await readItem(table, key);
  return found === undefined ? undefined : decodeBody(found, schema);
}

/** The index of a query, absent for the table itself. */
type Index = 'GSI1' | 'GSI2' | 'GSI3' | 'GSI4';

export type Range = {
  readonly partition: string;
  readonly index?: Index;
  /** The index's sort key, where it is that of another index. */
  readonly sort?: string;
  /** Only what comes after this sort key in the range's order. */
  readonly after?: string;
  /** Sort keys from here, inclusive, with `until`. */
  readonly from?: string;
  /** Read a moment late, for half the units. */
  readonly eventually?: true;
  /** Sort keys up to here, inclusive; not for a `newestFirst` range. */
  readonly until?: string;
  readonly newestFirst?: boolean;
  readonly limit?: number;
};

/** One page of a range: strongly consistent on the table, and as an index is (behind by moments) on an index. */
export async function queryPage(table: Table, range: Range): Promise<{ items: Item[]; more: boolean }> {
  const { index, newestFirst = false } = range;
  const command = new QueryCommand({
    TableName: table.name,
    ...(index === undefined
      ? { ConsistentRead: isStrong(table) && range.eventually !== true }
      : { IndexName: index }),
    ...condition(range),
    ScanIndexForward: !newestFirst,
    ...(range.limit === undefined ? {} : { Limit: range.limit }),
  });
  const answer = await call(() => table.client.send(command));
  return { items: answer.Items ?? [], more: answer.LastEvaluatedKey !== undefined };
}

/** How many items a range has; none of them is sent. */
export async function count(table: Table, range: Range): Promise<number> {
  let counted = 0;
  let start: Item | undefined;
  do {
    const command = new QueryCommand({
      TableName: table.name,
      ...(range.index === undefined ? { ConsistentRead: true } : { IndexName: range.index }),
      ...condition(range),
      Select: 'COUNT',
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await call(() => table.client.send(command));
    counted += answer.Count ?? 0;
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
  return counted;
}

/** The whole of a range. */
export async function queryAll(table: Table, range: Range): Promise<Item[]> {
  const all: Item[] = [];
  for await (const items of queryPages(table, range)) all.push(...items);
  return all;
}

/** A range page by page, for as long as somebody reads on; `limit` items on each at most. */
export async function* queryPages(table: Table, range: Range, limit?: number): AsyncGenerator<Item[]> {
  const bounded = limit === undefined || !Number.isFinite(limit) ? range : { ...range, limit };
  for (let after = range.after; ; ) {
    const page = await queryPage(table, after === undefined ? bounded : { ...bounded, after });
    yield page.items;
    const last = page.items.at(-1);
    if (!page.more || last === undefined) return;
    after = text(last, sortKey(range));
  }
}

/** What of a range fulfils a condition on attributes other than the keys: what does not is read, and neither sent nor decoded. */
export async function queryWhere(
  table: Table,
  range: Pick<Range, 'partition' | 'from' | 'until'>,
  { expression, values = {} }: Condition,
): Promise<Item[]> {
  const { KeyConditionExpression, ExpressionAttributeValues } = condition(range);
  const all: Item[] = [];
  let start: Item | undefined;
  do {
    const command = new QueryCommand({
      TableName: table.name,
      ConsistentRead: isStrong(table),
      KeyConditionExpression,
      FilterExpression: expression,
      ExpressionAttributeValues: { ...values, ...ExpressionAttributeValues },
      ...(start === undefined ? {} : { ExclusiveStartKey: start }),
    });
    const answer = await call(() => table.client.send(command));
    all.push(...(answer.Items ?? []));
    start = answer.LastEvaluatedKey;
  } while (start !== undefined);
  return all;
}

/** A page of bodies from a partition of the table itself. */
export function bodyPage<T>(
  table: Table,
  range: Range,
  page: PageRequest,
  schema: z.ZodMiniType<T>,
): Promise<Page<T>> {
  return pageBy(table, range, page, (each) => decodeBody(each, schema));
}

/** A page of items from a partition of the table itself, each read back by `decode`. */
export async function pageBy<T>(
  table: Table,
  range: Range,
  page: PageRequest,
  decode: (found: Item) => T,
): Promise<Page<T>> {
  const found = await queryPage(table, { ...range, ...page });
  const items = found.items.map(decode);
  const last = found.items.at(-1);
  return found.more && last !== undefined ? { items, next: text(last, sortKey(range)) } : { items };
}

/** A page of bodies through an index: its keys, then the items themselves, strongly consistent, in the index's order. */
export async function indexedPage<T>(
  table: Table,
  range: Range,
  page: PageRequest,
  schema: z.ZodMiniType<T>,
): Promise<Page<T>> {
  const found = await queryPage(table, { ...range, ...page });
  const items = (await readMany(table, found.items)).flatMap((each) =>
    each === undefined ? [] : [decodeBody(each, schema)],
  );
  const last = found.items.at(-1);
  return found.more && last !== undefined ? { items, next: text(last, sortKey(range)) } : { items };
}

/** Rounds in which the table may leave keys of a batch unread before that is `Throttled`. */
const MAX_ROUNDS = 5;

/** Up to 100 items by key, strongly consistent unless the table is read late, each in the place of its key; an item that is gone is `undefined`. */
export async function readMany(table: Table, keys: readonly Item[]): Promise<(Item | undefined)[]> {
  const found = new Map<string, Item>();
  let left = keys.map((key) => item({ PK: text(key, 'PK'), SK: text(key, 'SK') }));
  for (let round = 0; left.length > 0; round += 1) {
    if (round === MAX_ROUNDS) throw new Fault('Throttled', 'the table left keys of a batch unread');
    if (round > 0) await pause(round);
    const command = new BatchGetItemCommand({
      RequestItems: { [table.name]: { Keys: left, ConsistentRead: isStrong(table) } },
    });
    const answer = await call(() => table.client.send(command));
    for (const each of answer.Responses?.[table.name] ?? []) found.set(nameOf(each), each);
    left = answer.UnprocessedKeys?.[table.name]?.Keys ?? [];
  }
  return keys.map((key) => found.get(nameOf(key)));
}

/** Smaller than every character of a sort key: after it comes what follows a key, before it the key itself. */
const FOLLOWING = ' ';

function condition(range: Range) {
  const { partition, index, after, from, until, newestFirst = false } = range;
  const sort = sortKey(range);
  const values: Record<string, string> = { ':partition': partition };
  let sorted = '';
  if (newestFirst && after !== undefined) {
    sorted = ` AND ${sort} < :after`;
    values[':after'] = after;
  } else if (after !== undefined && until !== undefined) {
    sorted = ` AND ${sort} BETWEEN :from AND :until`;
    values[':from'] = `${after}${FOLLOWING}`;
    values[':until'] = until;
  } else if (from !== undefined && until !== undefined) {
    sorted = ` AND ${sort} BETWEEN :from AND :until`;
    values[':from'] = from;
    values[':until'] = until;
  } else if (after !== undefined) {
    sorted = ` AND ${sort} > :after`;
    values[':after'] = after;
  } else if (until !== undefined) {
    sorted = ` AND ${sort} <= :until`;
    values[':until'] = until;
  }
  return {
    KeyConditionExpression: `${index ?? ''}PK = :partition${sorted}`,
    ExpressionAttributeValues: item(values),
  };
}

function sortKey({ index, sort }: Pick<Range, 'index' | 'sort'>): string {
  return sort ?? `${index ?? ''}SK`;
}

/** An item's key as one text. */
export function nameOf(each: Item): string {
  return `${text(each, 'PK')}\n${text(each, 'SK')}`;
}

function pause(round: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.random() * 25 * 2 ** round));
}
