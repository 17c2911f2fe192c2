import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Write } from '../../ports/transaction.ts';
import { BODY, encodeBody } from './body.ts';
import { type Item, item } from './item.ts';
import type { IndexKey, Key } from './key-parts.ts';

/** One kind of write, e.g. `WriteOf<'head'>`. */
export type WriteOf<Kind extends Write['write']> = Extract<Write, { readonly write: Kind }>;

/** What must hold of the stored item for a write to happen. */
export type Condition = { readonly expression: string; readonly values?: Item };

export const ABSENT: Condition = { expression: 'attribute_not_exists(PK)' };

/** The item is at the version its writer saw; 0 means there is none. */
export function atVersion(expected: number): Condition {
  return expected === 0 ? ABSENT : { expression: 'ver = :expected', values: item({ ':expected': expected }) };
}

/** The whole of an item: its key, its places in indexes, its body, and attributes that conditions read. */
export type Content = {
  readonly key: Key;
  readonly indexes?: readonly IndexKey[];
  readonly body?: object;
  readonly attributes?: { readonly [name: string]: string | number };
};

/** Puts a whole item. */
export function put(TableName: string, content: Content, condition: Condition): TransactWriteItem {
  return { Put: { TableName, Item: itemOf(content), ...conditionOf(condition) } };
}

/** Removes an item. */
export function remove(TableName: string, key: Key, condition?: Condition): TransactWriteItem {
  return {
    Delete: { TableName, Key: item(key), ...(condition === undefined ? {} : conditionOf(condition)) },
  };
}

/** An item as stored. */
export function itemOf(content: Content): Item {
  const indexes = Object.assign({}, ...(content.indexes ?? []));
  const body = content.body === undefined ? {} : { [BODY]: encodeBody(content.body) };
  return item({ ...content.key, ...indexes, ...content.attributes, ...body });
}

function conditionOf(condition: Condition) {
  return {
    ConditionExpression: condition.expression,
    ...(condition.values === undefined ? {} : { ExpressionAttributeValues: condition.values }),
  };
}
