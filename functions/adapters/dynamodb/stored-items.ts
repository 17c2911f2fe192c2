import { isDeepStrictEqual } from 'node:util';
import {
  ScanCommand,
  TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import { Fault } from '../../domain/faults.ts';
import type { StoredItem } from '../../domain/format/stored-item.ts';
import type { StoredItems } from '../../ports/format-store.ts';
import { BODY, decodeBody, encodeBody } from './body.ts';
import { asFault, call } from './call.ts';
import { type Item, item, text, where } from './item.ts';
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
  const plain = Object.entries(rest).map(([name, { S, N }]) => [name, S ?? integerOf(found, name, N)]);
  const key = { PK: text(found, 'PK'), SK: text(found, 'SK') };
  return {
    ...Object.fromEntries(plain),
    ...key,
    ...(body === undefined ? {} : { body: decodeBody(found, z.looseObject({})) }),
  };
}

function integerOf(found: Item, name: string, number: string | undefined): number {
  const value = Number(number ?? Number.NaN);
  if (String(value) === number) return value;
  throw new Fault('Corrupt', `${where(found)} has no text and no number ${name}`);
}

function packed({ body, ...rest }: StoredItem): Item {
  const attributes = Object.entries(rest).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, value] as const] : [],
  );
  return {
    ...item(Object.fromEntries(attributes)),
    ...(body === undefined ? {} : { [BODY]: encodeBody(body) }),
  };
}
