import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Uploads } from '../../ports/uploads.ts';
import { call, conditional } from './call.ts';
import { item, optionalText } from './item.ts';
import { listKey, uploadKey } from './keys-artifact.ts';
import { readItem } from './read.ts';
import type { Table } from './table.ts';
import { epochSeconds } from './write-slot.ts';

/** Seconds after which an upload that nobody finished is forgotten. */
const FORGOTTEN = 24 * 3600;

export function dynamoUploads(table: Table): Uploads {
  return {
    async recall(place) {
      const found = await readItem(table, uploadKey(place));
      return found === undefined ? undefined : optionalText(found, 'location');
    },
    async keep(place, location, now) {
      const Item = item({ ...uploadKey(place), location, expires_at: epochSeconds(now) + FORGOTTEN });
      await call(() => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
    },
    claimList(list, { now, until }) {
      const command = new PutItemCommand({
        TableName: table.name,
        Item: item({ ...listKey(list), claimed_until: until, expires_at: epochSeconds(until) }),
        ConditionExpression: 'attribute_not_exists(PK) OR claimed_until <= :now',
        ExpressionAttributeValues: item({ ':now': now }),
      });
      return conditional(() => table.client.send(command));
    },
    async releaseList(list, { now, until }) {
      const command = new UpdateItemCommand({
        TableName: table.name,
        Key: item(listKey(list)),
        UpdateExpression: 'SET claimed_until = :now',
        ConditionExpression: 'claimed_until = :until',
        ExpressionAttributeValues: item({ ':now': now, ':until': until }),
      });
      await conditional(() => table.client.send(command));
    },
  };
}
