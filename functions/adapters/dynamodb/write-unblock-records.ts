import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { item } from './item.ts';
import type { IndexKey, Key } from './key-parts.ts';
import { openingIndex, stoppedKey, unblockKey } from './keys.ts';
import type { WriteOf } from './write.ts';
import { epochSeconds } from './write-slot.ts';

/** One more who waits, forgotten once it has expired: by then it waits for nothing. */
export function stoppedItem(name: string, tenant: string, write: WriteOf<'stopped'>): TransactWriteItem {
  const { environment, promotion_id, expires_at } = write;
  return raised(name, stoppedKey(tenant, environment, promotion_id), {
    expires_at: epochSeconds(expires_at),
  });
}

/** An environment that opened, in the list of those that were not yet attended to. */
export function openedItem(
  name: string,
  tenant: string,
  { environment }: WriteOf<'opened'>,
): TransactWriteItem {
  return raised(name, unblockKey(tenant, environment), openingIndex(tenant, environment));
}

/** An item one version further, whoever wrote it before, with these attributes. */
function raised(
  TableName: string,
  key: Key,
  attributes: IndexKey | { readonly expires_at: number },
): TransactWriteItem {
  const entries = Object.entries(attributes);
  return {
    Update: {
      TableName,
      Key: item(key),
      UpdateExpression: `ADD ver :one SET ${entries.map(([each]) => `${each} = :${each}`).join(', ')}`,
      ExpressionAttributeValues: item({
        ':one': 1,
        ...Object.fromEntries(entries.map(([each, value]) => [`:${each}`, value])),
      }),
    },
  };
}
