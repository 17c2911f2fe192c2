import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Uploads } from '../../ports/uploads.ts';
import { call } from './call.ts';
import { item, optionalText } from './item.ts';
import { uploadKey } from './keys-artifact.ts';
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
  };
}
