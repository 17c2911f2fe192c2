import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { digestOfBytes } from '../../domain/digest.ts';
import type { Denials } from '../../ports/denials.ts';
import { conditional } from './call.ts';
import { denialKey, denialsPartition } from './keys.ts';
import { bodyPage } from './read.ts';
import { denial as denialSchema } from './schemas/request.ts';
import type { Table } from './table.ts';
import { ABSENT, itemOf } from './write.ts';
import { epochSeconds } from './write-slot.ts';

/** Kept for an auditor's year and the month in which it is looked at. */
const LIFETIME_SECONDS = 400 * 24 * 3600;

export function dynamoDenials(table: Table): Denials {
  return {
    async record(denial) {
      const { tenant, at, actor, action } = denial;
      const fingerprint = digestOfBytes(`${actor.kind}\n${actor.subject}\n${action}`);
      const command = new PutItemCommand({
        TableName: table.name,
        Item: itemOf({
          key: denialKey(tenant, at, fingerprint),
          body: denial,
          attributes: { expires_at: epochSeconds(at) + LIFETIME_SECONDS },
        }),
        ConditionExpression: ABSENT.expression,
      });
      await conditional(() => table.client.send(command));
    },

    list: async (tenant, page) =>
      bodyPage(table, { partition: denialsPartition(tenant), newestFirst: true }, page, denialSchema),
  };
}
