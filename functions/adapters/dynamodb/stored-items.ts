import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  ScanCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { StoredItem } from '../../domain/format/stored-item.ts';
import type { StoredItems } from '../../ports/format-store.ts';
import { BODY, decodeBody, encodeBody } from './body.ts';
import { asFault, call } from './call.ts';
import { type Item, item, text } from './item.ts';
import { formatKey } from './keys.ts';
import { readItem } from './read.ts';
import type { Table } from './table.ts';

/** Items read at once: what a crash makes the next run look at again. */
const PAGE = 100;

const Position = z.object({ PK: z.string(), SK: z.string() });

/** The items of the table, bodies unpacked. */
export function dynamoStoredItems(table: Table): StoredItems {
  return {
    async page(after) {
      const start = after === undefined ? {} : { ExclusiveStartKey: item(Position.parse(JSON.parse(after))) };
      const command = new ScanCommand({ TableName: table.name, ConsistentRead: true, Limit: PAGE, ...start });
      const { Items = [], LastEvaluatedKey: last } = await call(() => table.client.send(command));
      const items = Items.map(unpacked).filter(({ PK }) => PK !== formatKey.PK);
      if (last === undefined) return { items };
      return { items, next: JSON.stringify({ PK: text(last, 'PK'), SK: text(last, 'SK') }) };
    },

    async read({ PK, SK }) {
      const found = await readItem(table, { PK, SK });
      return found === undefined ? undefined : unpacked(found);
    },

    async replace(one, others) {
      const was = await readItem(table, { PK: one.PK, SK: one.SK });
      if (was === undefined || !isDeepStrictEqual(unpacked(was), one)) return false;
      const same = others.find(({ PK, SK }) => PK === one.PK && SK === one.SK);
      const Key = item({ PK: one.PK, SK: one.SK });
      const TableName = table.name;
      const writes: TransactWriteItem[] = [
        same === undefined
          ? { Delete: { TableName, Key, ...unchanged(was) } }
          : { Put: { TableName, Item: packed(same), ...unchanged(was) } },
        ...others
          .filter((other) => other !== same)
          .map((other) => ({
            Put: { TableName, Item: packed(other), ConditionExpression: 'attribute_not_exists(PK)' },
          })),
      ];
      try {
        await table.client.send(new TransactWriteItemsCommand({ TransactItems: writes }));
        return true;
      } catch (error) {
        if (!(error instanceof TransactionCanceledException)) throw asFault(error);
        const reasons = (error.CancellationReasons ?? []).map(({ Code }) => Code);
        if (reasons.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict'))
          return false;
        throw error;
      }
    },
  };
}

/** Every attribute is as it was read, and none was added that indexes or conditions know. */
function unchanged(was: Item): Pick<NonNullable<TransactWriteItem['Put']>, Conditional> {
  const present = Object.entries(was).filter(([name]) => name !== 'PK' && name !== 'SK');
  const absent = KNOWN.filter((name) => was[name] === undefined);
  const names = [...present.map(([name]) => name), ...absent];
  const values = Object.fromEntries(present.map(([, value], n) => [`:v${n}`, value]));
  return {
    ConditionExpression: [
      'attribute_exists(PK)',
      ...present.map((_, n) => `#n${n} = :v${n}`),
      ...absent.map((_, n) => `attribute_not_exists(#n${present.length + n})`),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, n) => [`#n${n}`, name])),
    ...(present.length === 0 ? {} : { ExpressionAttributeValues: values }),
  };
}
type Conditional = 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues';

/** Attributes that one update adds or removes by itself, without another that changes. */
const KNOWN = ['GSI1PK', 'GSI1SK', 'GSI2PK', 'GSI2SK', 'GSI3PK', 'GSI3SK', 'GSI4PK', 'body', 'ver'];

function unpacked(found: Item): StoredItem {
  const { [BODY]: body, ...rest } = found;
  const plain = Object.entries(rest).map(([name, value]) => [name, value.S ?? wholeOf(value) ?? value]);
  const key = { PK: text(found, 'PK'), SK: text(found, 'SK') };
  return {
    ...Object.fromEntries(plain),
    ...key,
    ...(body === undefined ? {} : { body: decodeBody(found, anyBody) }),
  };
}

/** A body is an object or a list, whatever is in it. */
const anyBody = z.custom<object>((value) => typeof value === 'object' && value !== null);

function wholeOf({ N }: AttributeValue): number | undefined {
  const value = Number(N ?? Number.NaN);
  return Number.isSafeInteger(value) && String(value) === N ? value : undefined;
}

function packed({ body, ...rest }: StoredItem): Item {
  const attributes = Object.entries(rest).flatMap(([name, value]) =>
    isAttribute(value) ? [[name, value] as const] : [],
  );
  return {
    ...item(Object.fromEntries(attributes)),
    ...(body === undefined ? {} : { [BODY]: encodeBody(body) }),
  };
}

/** What is neither a text nor a whole number is as the table had it: a migration may leave it out, and makes none. */
const isAttribute = (value: StoredItem[string]): value is string | number | AttributeValue =>
  value !== undefined;
