import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { item } from './item.ts';
import { linkKey } from './keys-secret.ts';
import type { WriteOf } from './write.ts';

/** Uses a link up: only one that is there and was not used. Its body is not touched. */
export function linkUseItem(TableName: string, { token_hash, use }: WriteOf<'link_use'>): TransactWriteItem {
  return {
    Update: {
      TableName,
      Key: item(linkKey(token_hash)),
      UpdateExpression: 'SET used_at = :at, used_for = :decision',
      ConditionExpression: 'attribute_exists(PK) AND attribute_not_exists(used_at)',
      ExpressionAttributeValues: item({ ':at': use.at, ':decision': use.decision }),
    },
  };
}
