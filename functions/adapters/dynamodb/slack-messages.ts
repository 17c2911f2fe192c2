import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SlackMessages } from '../../ports/slack-messages.ts';
import { call } from './call.ts';
import { slackMessageKey } from './keys-slack.ts';
import { readBody } from './read.ts';
import { slackMessage } from './schemas/slack.ts';
import type { Table } from './table.ts';
import { itemOf } from './write.ts';
import { epochSeconds } from './write-slot.ts';

/** As long as a promotion may wait for approval, and the month in which its outcome is told. */
const LIFETIME_SECONDS = 400 * 24 * 3600;

export function dynamoSlackMessages(table: Table): SlackMessages {
  return {
    read: async (tenant, channel, promotion) =>
      readBody(table, slackMessageKey(tenant, channel, promotion), slackMessage),
    async write(tenant, channel, promotion, message) {
      const Item = itemOf({
        key: slackMessageKey(tenant, channel, promotion),
        body: message,
        attributes: { expires_at: epochSeconds(message.at) + LIFETIME_SECONDS },
      });
      await call(() => table.client.send(new PutItemCommand({ TableName: table.name, Item })));
    },
  };
}
