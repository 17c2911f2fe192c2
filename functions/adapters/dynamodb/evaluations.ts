import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Evaluations } from '../../ports/evaluations.ts';
import { conditional } from './call.ts';
import { item } from './item.ts';
import { dueUntil } from './keys.ts';
import {
  deploymentKey,
  deploymentRefOf,
  EVALUATION_SHARDS,
  EVALUATIONS,
  evaluationIndex,
  evaluationPartition,
} from './keys-deployment.ts';
import { sharded } from './sharded.ts';
import type { Table } from './table.ts';

export function dynamoEvaluations(table: Table): Evaluations {
  return {
    due(until, page) {
      const list = { index: 'GSI3', partition: evaluationPartition, shards: EVALUATION_SHARDS } as const;
      return sharded(table, { ...list, refOf: deploymentRefOf, until: dueUntil(until) }, page);
    },

    // Never takes it from the list of what is to be counted, which has the same index.
    async decide(tenant, { id, version }, at) {
      const { GSI3PK = '', GSI3SK = '' } = at === undefined ? {} : evaluationIndex(tenant, id, at);
      const place = at === undefined ? {} : { ':partition': GSI3PK, ':sort': GSI3SK };
      const command = new UpdateItemCommand({
        TableName: table.name,
        Key: item(deploymentKey(tenant, id)),
        UpdateExpression:
          at === undefined ? 'REMOVE GSI3PK, GSI3SK' : 'SET GSI3PK = :partition, GSI3SK = :sort',
        ConditionExpression:
          'ver = :version AND (attribute_not_exists(GSI3PK) OR begins_with(GSI3PK, :evaluations))',
        ExpressionAttributeValues: item({ ':version': version, ':evaluations': EVALUATIONS, ...place }),
      });
      return conditional(() => table.client.send(command));
    },
  };
}
