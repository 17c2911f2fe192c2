import { dynamoLogTree } from '../../adapters/dynamodb/log-tree.ts';
import type { Table } from '../../adapters/dynamodb/table.ts';
import { s3LogObjects } from '../../adapters/s3/log-objects.ts';
import { credentialsIn } from '../../adapters/signed-call.ts';
import type { LogStores } from '../../use-cases/transparency-log/deps.ts';

/** Where logs are kept. Throws when the function was not told. */
export function wireLog(table: Table, variables: NodeJS.ProcessEnv = process.env): LogStores {
  const { LOG_BUCKET: bucket, AWS_REGION: region, AWS_ENDPOINT_URL_S3: endpoint } = variables;
  if (bucket === undefined || region === undefined) throw new Error('LOG_BUCKET or AWS_REGION is not set');
  const credentials = credentialsIn(variables);
  const at = endpoint === undefined ? {} : { endpoint };
  return { logTree: dynamoLogTree(table), logObjects: s3LogObjects({ bucket, region, credentials, ...at }) };
}
