import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { takingPart } from '../../domain/promotion/taking-part.ts';
import { decodeBody } from './body.ts';
import { conditional } from './call.ts';
import { optionalText, text } from './item.ts';
import { eventsKey } from './keys.ts';
import { partKey, partPartition, promotionIndex } from './keys-promotion.ts';
import { queryAll } from './read.ts';
import { storedEvents } from './schemas/events.ts';
import type { Table } from './table.ts';
import { ABSENT, itemOf } from './write.ts';

/** No commit begins with this event: what is listed later stands here. */
const LATER = 0;

/** Lists a promotion for whoever its history names and its items do not: one more item each. */
export async function completePromotionLists(table: Table, state: PromotionState): Promise<number> {
  const { tenant, id } = state;
  const events = eventsKey(tenant, id, 0);
  const found = await queryAll(table, { partition: events.PK, from: events.SK, until: 'PART#~' });
  const listed = new Set(found.map((each) => optionalText(each, 'GSI4PK')));
  const history = found
    .filter((each) => text(each, 'SK').startsWith('EVENT#'))
    .flatMap((each) => decodeBody(each, storedEvents));
  const { GSI1SK } = promotionIndex(state);
  let added = 0;
  for (const [nth, { subject }] of takingPart(state, history).others.entries()) {
    const GSI4PK = partPartition(tenant, 'did', subject);
    if (listed.has(GSI4PK) || listed.has(partPartition(tenant, 'by', subject))) continue;
    const place = { GSI4PK, GSI1SK };
    const command = new PutItemCommand({
      TableName: table.name,
      Item: itemOf({ key: partKey(tenant, id, LATER, nth), indexes: [place] }),
      ConditionExpression: ABSENT.expression,
    });
    if (await conditional(() => table.client.send(command))) added += 1;
  }
  return added;
}
