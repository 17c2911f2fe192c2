import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type Deliveries, KEPT_DAYS } from '../../ports/deliveries.ts';
import { BODY, decodeBody, encodeBody } from './body.ts';
import { call, conditional } from './call.ts';
import { integer, item, text } from './item.ts';
import type { Key } from './key-parts.ts';
import { deliveriesPartition, deliveryCursorKey, deliveryKey, toldKey } from './keys-notification.ts';
import { queryPage, readItem } from './read.ts';
import { delivery } from './schemas/notification.ts';
import type { Table } from './table.ts';
import { epochSeconds } from './write-slot.ts';

/** What channels were told, over the table. A cursor has no lifetime: losing one would tell everything again. */
export function dynamoDeliveries(table: Table): Deliveries {
  const update = (key: Key, expression: string, values: Parameters<typeof item>[0], condition?: string) =>
    table.client.send(
      new UpdateItemCommand({
        TableName: table.name,
        Key: item(key),
        UpdateExpression: expression,
        ExpressionAttributeValues: item(values),
        ...(condition === undefined ? {} : { ConditionExpression: condition }),
      }),
    );
  return {
    async position(ref) {
      const found = await readItem(table, deliveryCursorKey(ref));
      return found === undefined ? 0 : integer(found, 'seq');
    },

    async advance(ref, from, to) {
      const unmoved = from === 0 ? 'attribute_not_exists(seq)' : 'seq = :from';
      const values = from === 0 ? { ':to': to } : { ':to': to, ':from': from };
      return conditional(() => update(deliveryCursorKey(ref), 'SET seq = :to', values, unmoved));
    },

    async record(ref, attempt) {
      const body = encodeBody({ ...attempt, promotion_id: ref.promotion_id });
      const values = { ':one': 1, ':body': body, ':end': lifeEnd(attempt.at) };
      const expression = `ADD tries :one SET ${BODY} = :body, expires_at = :end`;
      await call(() => update(deliveryKey(ref, attempt), expression, values));
    },

    async history(tenant, channel, page) {
      const range = { partition: deliveriesPartition(tenant, channel), newestFirst: true, ...page };
      const { items, more } = await queryPage(table, range);
      const last = items.at(-1);
      const told = items.map((each) => ({
        ...decodeBody(each, delivery),
        attempts: integer(each, 'tries'),
      }));
      return more && last !== undefined ? { items: told, next: text(last, 'SK') } : { items: told };
    },

    async deliveredTo(ref, seq) {
      const found = await readItem(table, toldKey(ref, seq));
      return new Set(found?.['receivers']?.SS ?? []);
    },

    async markDelivered(ref, seq, receiver, now) {
      const values = { ':receiver': { SS: [receiver] }, ':end': lifeEnd(now) };
      const expression = 'ADD receivers :receiver SET expires_at = :end';
      await call(() => update(toldKey(ref, seq), expression, values));
    },
  };
}

const lifeEnd = (from: string): number => epochSeconds(from) + KEPT_DAYS * 24 * 3600;
