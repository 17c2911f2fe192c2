import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
  ResourceNotFoundException,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { TableDefinition } from '../cloudformation/tables.ts';
import { localCredentials, localRegion } from '../surroundings.ts';

/** Creates the tables that the endpoint does not have yet. */
export function createTables(endpoint: string, tables: readonly TableDefinition[]): Promise<void> {
  return eachTable(endpoint, tables, async (client, table, existing) => {
    if (existing !== undefined) return;
    const indexes = table.GlobalSecondaryIndexes.map(indexOf);
    await client.send(
      new CreateTableCommand({
        TableName: table.name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: table.KeySchema,
        AttributeDefinitions: table.AttributeDefinitions,
        ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
      }),
    );
  });
}

/** Adds the indexes that an older template did not have. Keys of an existing table are never changed. */
export function addIndexes(endpoint: string, tables: readonly TableDefinition[]): Promise<void> {
  return eachTable(endpoint, tables, async (client, table, existing) => {
    const indexes = table.GlobalSecondaryIndexes.map(indexOf);
    for (const index of indexes.filter(({ IndexName }) => existing?.has(IndexName) === false)) {
      await client.send(
        new UpdateTableCommand({
          TableName: table.name,
          AttributeDefinitions: table.AttributeDefinitions,
          GlobalSecondaryIndexUpdates: [{ Create: index }],
        }),
      );
    }
  });
}

async function eachTable(
  endpoint: string,
  tables: readonly TableDefinition[],
  act: (client: DynamoDBClient, table: TableDefinition, indexes: Indexes | undefined) => Promise<void>,
): Promise<void> {
  const client = new DynamoDBClient({ endpoint, region: localRegion, credentials: localCredentials });
  try {
    for (const table of tables) await act(client, table, await indexesOf(client, table.name));
  } finally {
    client.destroy();
  }
}

type Indexes = ReadonlySet<string | undefined>;

/** The names of a table's indexes, or undefined when there is no such table. */
async function indexesOf(client: DynamoDBClient, name: string): Promise<Indexes | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return new Set(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName));
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function indexOf(index: TableDefinition['GlobalSecondaryIndexes'][number]) {
  const { ProjectionType, NonKeyAttributes } = index.Projection;
  return {
    IndexName: index.IndexName,
    KeySchema: index.KeySchema,
    Projection: {
      ProjectionType: ProjectionType ?? 'ALL',
      ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes }),
    },
  } satisfies GlobalSecondaryIndex;
}
