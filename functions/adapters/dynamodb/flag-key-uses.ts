import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { Fault } from '../../domain/faults.ts';
import { addDuration } from '../../domain/instant.ts';
import type { FlagKeyUses } from '../../ports/flag-key-uses.ts';
import { conditional } from './call.ts';
import { item, text } from './item.ts';
import { flagKeyUseKey, flagKeyUsesPartition } from './keys-flag.ts';
import { queryAll } from './read.ts';
import type { Table } from './table.ts';

export function dynamoFlagKeyUses(table: Table): FlagKeyUses {
  // What this process has noted spares the table the question.
  const noted = new Map<string, string>();
  return {
    async note(tenant, id, at) {
      const name = `${tenant}#${id}`;
      const hour = addDuration(at, '-PT1H');
      if ((noted.get(name) ?? '') > hour) return;
      if (noted.size >= MOST) noted.clear();
      noted.set(name, at);
      const command = new UpdateItemCommand({
        TableName: table.name,
        Key: item(flagKeyUseKey(tenant, id)),
        UpdateExpression: 'SET used_at = :at',
        ConditionExpression: 'attribute_not_exists(used_at) OR used_at <= :hour',
        ExpressionAttributeValues: item({ ':at': at, ':hour': hour }),
      });
      try {
        await conditional(() => table.client.send(command));
      } catch (error) {
        // Flags are evaluated while nothing may be written; the use is noted by a later one.
        if (!(error instanceof Fault && error.name === 'ReadOnly')) throw error;
        noted.delete(name);
      }
    },
    async all(tenant) {
      const found = await queryAll(table, { partition: flagKeyUsesPartition(tenant) });
      return new Map(found.map((each) => [text(each, 'SK'), text(each, 'used_at')]));
    },
  };
}

/** Keys remembered per process. */
const MOST = 10_000;
