import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { hasPlace, type Wait, type WaitList, type Waits } from '../../ports/waits.ts';
import { conditional } from './call.ts';
import { integer, item, text } from './item.ts';
import { waitsKey } from './keys.ts';
import { readItem } from './read.ts';
import type { Table } from './table.ts';

/** Tries against others who write the same item: as many as wait at once. */
const TRIES = 20;

/** All waits of a tenant for one kind of thing in one item, compared and swapped: what is counted and what is taken are one. */
export function dynamoWaits(table: Table): Waits {
  /** Writes what `change` makes of the waits; `undefined` leaves them. Says whether it is as `change` wanted. */
  const swap = async (
    tenant: string,
    list: WaitList,
    change: (waits: readonly Wait[]) => readonly Wait[] | undefined,
  ): Promise<boolean> => {
    const key = waitsKey(tenant, list);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const found = await readItem(table, key);
      const [version, waits] =
        found === undefined ? [0, []] : [integer(found, 'ver'), parsed(text(found, 'waits'))];
      const wanted = change(waits);
      if (wanted === undefined) return false;
      const swapped = await conditional(() =>
        table.client.send(
          new PutItemCommand({
            TableName: table.name,
            Item: item({
              ...key,
              ver: version + 1,
              waits: wanted.map((wait) => `${wait.id} ${wait.until}`).join('\n'),
            }),
            ConditionExpression: version === 0 ? 'attribute_not_exists(PK)' : 'ver = :ver',
            ...(version === 0 ? {} : { ExpressionAttributeValues: item({ ':ver': version }) }),
          }),
        ),
      );
      if (swapped) return true;
    }
    return false;
  };
  return {
    begin: (tenant, wait, now, places, list = 'promotions') =>
      swap(tenant, list, (waits) => {
        const waiting = waits.filter(({ until }) => until > now);
        return hasPlace(waiting, places) ? [...waiting, wait] : undefined;
      }),
    async end(tenant, id, list = 'promotions') {
      await swap(tenant, list, (waits) => {
        const left = waits.filter((wait) => wait.id !== id);
        return left.length < waits.length ? left : undefined;
      });
    },
  };
}

function parsed(lines: string): readonly Wait[] {
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [id = '', until = ''] = line.split(' ');
      return { id, until };
    });
}
