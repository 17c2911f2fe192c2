import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Sessions } from '../../ports/sessions.ts';
import { call } from './call.ts';
import { item } from './item.ts';
import { sessionKey } from './keys-secret.ts';
import { readBody } from './read.ts';
import { session as sessionSchema } from './schemas/secrets.ts';
import type { Table } from './table.ts';
import { itemOf } from './write.ts';
import { epochSeconds } from './write-slot.ts';

export function dynamoSessions(table: Table): Sessions {
  return {
    async open(session) {
      const Item = itemOf({
        key: sessionKey(session.token_hash),
        body: session,
        attributes: { expires_at: epochSeconds(session.expires_at) },
      });
      await call(() => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
    },
    async find(token_hash, now) {
      const found = await readBody(table, sessionKey(token_hash), sessionSchema);
      // TTL takes expired items hours later.
      return found === undefined || found.expires_at <= now ? undefined : found;
    },
    async close(token_hash) {
      const Key = item(sessionKey(token_hash));
      await call(() => table.client.send(new DeleteItemCommand({ TableName: table.name, Key })));
    },
  };
}
