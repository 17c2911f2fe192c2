import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { TaskTokens } from '../../ports/promotion-store.ts';
import { conditional } from './call.ts';
import { item } from './item.ts';
import { tokenKey } from './keys.ts';
import { readBody } from './read.ts';
import { taskToken } from './schemas/request.ts';
import type { Table } from './table.ts';
import { itemOf } from './write.ts';

/** A Standard execution lives a year, its tokens no longer; TTL may then take them. */
const LIFETIME_SECONDS = 366 * 24 * 3600;

/** Not older than the kept one: attempt first, then when its state was entered, then the retry of that state. */
const NOT_OLDER =
  'attribute_not_exists(PK) OR attempt < :attempt OR (attempt = :attempt AND ' +
  '(entered < :entered OR (entered = :entered AND retries <= :retries)))';

export function dynamoTaskTokens(table: Table): TaskTokens {
  return {
    async put({ tenant, id }, token) {
      const entered = Date.parse(token.entered_time);
      const command = new PutItemCommand({
        TableName: table.name,
        Item: itemOf({
          key: tokenKey(tenant, id),
          body: token,
          attributes: {
            attempt: token.attempt,
            entered,
            retries: token.retry_count,
            expires_at: Math.ceil(entered / 1000) + LIFETIME_SECONDS,
          },
        }),
        ConditionExpression: NOT_OLDER,
        ExpressionAttributeValues: item({
          ':attempt': token.attempt,
          ':entered': entered,
          ':retries': token.retry_count,
        }),
      });
      return conditional(() => table.client.send(command));
    },

    get: async ({ tenant, id }) => readBody(table, tokenKey(tenant, id), taskToken),
  };
}
