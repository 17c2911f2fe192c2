import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ApprovalLink } from '../../domain/link/link.ts';
import type { Links } from '../../ports/links.ts';
import { decodeBody } from './body.ts';
import { call } from './call.ts';
import { optionalText } from './item.ts';
import { linkKey } from './keys-secret.ts';
import { readItem } from './read.ts';
import { link as linkSchema, linkUse } from './schemas/secrets.ts';
import type { Table } from './table.ts';
import { itemOf } from './write.ts';
import { epochSeconds } from './write-slot.ts';

/** How long an expired link still tells that it expired, before it was never there. */
const TOLD_SECONDS = 30 * 24 * 3600;

export function dynamoLinks(table: Table): Links {
  return {
    async keep({ used: _, ...link }) {
      const Item = itemOf({
        key: linkKey(link.token_hash),
        body: link,
        attributes: { expires_at: epochSeconds(link.expires_at) + TOLD_SECONDS },
      });
      await call(() => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
    },
    async find(token_hash): Promise<ApprovalLink | undefined> {
      const found = await readItem(table, linkKey(token_hash));
      if (found === undefined) return undefined;
      const link = decodeBody(found, linkSchema);
      const at = optionalText(found, 'used_at');
      if (at === undefined) return link;
      return { ...link, used: linkUse.parse({ at, decision: optionalText(found, 'used_for') }) };
    },
  };
}
