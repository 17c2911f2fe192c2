import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { BackoffWindows, SkippedChannel } from '../../ports/backoff-windows.ts';
import { call, conditional } from './call.ts';
import { item, text } from './item.ts';
import { backoffKey } from './keys-notification.ts';
import { readItem } from './read.ts';
import type { Table } from './table.ts';
import { epochSeconds } from './write-slot.ts';

/** Seconds after which a rest that nobody ended is forgotten: with it goes only what the next attempt finds out anew. */
const FORGOTTEN = 24 * 3600;

export function dynamoBackoffWindows(table: Table): BackoffWindows {
  const set = (channel: SkippedChannel, until: string, seen?: string) =>
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: item(backoffKey(channel)),
        UpdateExpression: 'SET rests_until = :until, expires_at = :end',
        ...(seen === undefined ? {} : { ConditionExpression: 'rests_until = :seen' }),
        ExpressionAttributeValues: item({
          ':until': until,
          ':end': epochSeconds(until) + FORGOTTEN,
          ...(seen === undefined ? {} : { ':seen': seen }),
        }),
      }),
    );
  return {
    async until(channel) {
      const found = await readItem(table, backoffKey(channel));
      return found?.['rests_until'] === undefined ? undefined : text(found, 'rests_until');
    },
    async begin(channel, until) {
      await call(() => set(channel, until));
    },
    prolong: (channel, seen, until) => conditional(() => set(channel, until, seen)),
    async end(channel) {
      await call(() =>
        table.client.send(
          new UpdateItemCommand({
            TableName: table.name,
            Key: item(backoffKey(channel)),
            UpdateExpression: 'REMOVE rests_until',
          }),
        ),
      );
    },
  };
}
