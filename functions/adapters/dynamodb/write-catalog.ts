import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { CatalogItem } from '../../ports/transaction.ts';
import { BODY, encodeBody } from './body.ts';
import { concernsOf } from './concerns.ts';
import { item } from './item.ts';
import { catalogKey, changeKey, weakenedKey } from './keys.ts';
import { ABSENT, atVersion, type Condition, put, remove, type WriteOf } from './write.ts';
import { assertRises } from './write-rules.ts';

/** An item of the catalog. An environment also raises its own guard: what an execution decided on has changed. */
export function catalogItem(name: string, tenant: string, write: WriteOf<'catalog'>): TransactWriteItem {
  const { entry, expected } = write;
  const { version } = entry.item;
  const key = catalogKey(tenant, entry.type, catalogId(entry));
  assertRises(`${entry.type} ${key.SK}`, expected, version);
  if (entry.type !== 'environment') {
    const attributes = { ver: version, ...concernsOf(entry) };
    return put(name, { key, body: entry.item, attributes }, atVersion(expected));
  }
  if (expected === 0) {
    const attributes = { ver: version, guard: entry.item.guard };
    return put(name, { key, body: entry.item, attributes }, atVersion(0));
  }
  return {
    Update: {
      TableName: name,
      Key: item(key),
      UpdateExpression: `SET ${BODY} = :body, ver = :version, guard = guard + :one`,
      ConditionExpression: 'ver = :expected',
      ExpressionAttributeValues: {
        ':body': encodeBody(entry.item),
        ...item({ ':version': version, ':one': 1, ':expected': expected }),
      },
    },
  };
}

export function catalogRemoval(
  name: string,
  tenant: string,
  write: WriteOf<'catalog_delete'>,
  also?: Condition,
): TransactWriteItem {
  const key = catalogKey(tenant, write.type, write.id);
  const seen = atVersion(write.expected);
  if (also === undefined) return remove(name, key, seen);
  return remove(name, key, {
    expression: `${seen.expression} AND ${also.expression}`,
    values: { ...seen.values, ...also.values },
  });
}

/** A change in its place in the chain, which nobody has taken. */
export function changeItem(name: string, tenant: string, { change }: WriteOf<'change'>): TransactWriteItem {
  return put(name, { key: changeKey(tenant, change.seq), body: change }, ABSENT);
}

/** What a change weakened in an environment: one item for each change. */
export function weakenedItem(
  name: string,
  tenant: string,
  { environment, weakened }: WriteOf<'weakened'>,
): TransactWriteItem {
  const key = weakenedKey(tenant, environment, weakened.at, weakened.seq);
  return put(name, { key, body: weakened }, ABSENT);
}

/** Environments go by name, everything else by id. */
function catalogId(entry: CatalogItem): string {
  return entry.type === 'environment' ? entry.item.name : entry.item.id;
}
