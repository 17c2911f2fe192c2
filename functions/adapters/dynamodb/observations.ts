import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { OBSERVED_DAYS, type Observations } from '../../ports/observations.ts';
import { conditional } from './call.ts';
import { observationKey, observationsPartition } from './keys-deployment.ts';
import { bodyPage, readBody } from './read.ts';
import { observation } from './schemas/observation.ts';
import type { Table } from './table.ts';
import { ABSENT, atVersion, itemOf } from './write.ts';
import { epochSeconds } from './write-slot.ts';

export function dynamoObservations(table: Table): Observations {
  return {
    read: async (tenant, slot) => readBody(table, observationKey(tenant, slot), observation),

    async put(tenant, body, expected) {
      const expires_at = epochSeconds(body.received_at) + OBSERVED_DAYS * 24 * 3600;
      const { expression, values } = expected === 0 ? ABSENT : atVersion(expected);
      const command = new PutItemCommand({
        TableName: table.name,
        Item: itemOf({
          key: observationKey(tenant, body.slot),
          attributes: { ver: body.version, expires_at },
          body,
        }),
        ConditionExpression: expression,
        ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
      });
      return await conditional(() => table.client.send(command));
    },

    inEnvironment: async (tenant, environment, page) => {
      const partition = observationsPartition(tenant, environment);
      return bodyPage(table, { partition, eventually: true }, page, observation);
    },
  };
}
