import {
  type CreateTableCommandInput,
  DynamoDBClient,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';

/** The one table and how to reach it. */
export type Table = {
  readonly client: DynamoDBClient;
  readonly name: string;
  /** Its items and ranges are read a moment late, for half the units. */
  readonly late?: true;
};

/** Tries of one call, and milliseconds for each: 3 × 3.5 s and the waits between them stay under the API's 20 s. */
const MAX_ATTEMPTS = 3;
const CONNECT_MS = 1_000;
const REQUEST_MS = 2_500;

/** Opens the table by name; `overrides` point tests at another endpoint, everything else comes from the environment. */
export function openTable(name: string, overrides: DynamoDBClientConfig = {}): Table {
  const client = new DynamoDBClient({
    maxAttempts: MAX_ATTEMPTS,
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      // Without this the handler logs a warning and waits on.
      throwOnRequestTimeout: true,
    },
    ...overrides,
  });
  // It copies every answer whole, for a log that nobody reads: a tenth of the time that a long answer takes.
  client.middlewareStack.remove('loggerMiddleware');
  return { client, name };
}

const attribute = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const keySchema = (prefix: string, sort = prefix) => [
  { AttributeName: `${prefix}PK`, KeyType: 'HASH' as const },
  { AttributeName: `${sort}SK`, KeyType: 'RANGE' as const },
];
const INDEXES = ['GSI1', 'GSI2', 'GSI3'] as const;

/** The table as tests create it; the deployed one is declared in infra/constructs/table.ts, and a test compares the two. */
export const TABLE_DEFINITION = {
  BillingMode: 'PAY_PER_REQUEST',
  AttributeDefinitions: [
    ...['', ...INDEXES].flatMap((prefix) => [attribute(`${prefix}PK`), attribute(`${prefix}SK`)]),
    attribute('GSI4PK'),
  ],
  KeySchema: keySchema(''),
  GlobalSecondaryIndexes: [
    ...INDEXES.map((IndexName) => ({ IndexName, KeySchema: keySchema(IndexName) })),
    // Promotions of a status or a person, in the order of GSI1.
    { IndexName: 'GSI4', KeySchema: keySchema('GSI4', 'GSI1') },
  ].map((index) => ({ ...index, Projection: { ProjectionType: 'KEYS_ONLY' as const } })),
} satisfies Omit<CreateTableCommandInput, 'TableName'>;
