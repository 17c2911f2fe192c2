import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import { dynamoSalts } from '../../functions/adapters/dynamodb/chunking-keys.ts';
import { dynamoCursors } from '../../functions/adapters/dynamodb/cursors.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import { encodeLeaf } from '../../functions/domain/config-tree/encode-node.ts';
import { AT, promotion, promotionWrite } from '../ports/samples.ts';
import { named, outcomeOf, THROWN } from '../support/sdk-faults.ts';

/** What each adapter makes of each thing that the SDK throws, command by command. Conditions are proven on the engine, never here. */

type Act = (thrown: Error) => Promise<unknown>;

const region = { region: 'eu-central-1' };
const REF = { tenant: 'acme', id: 'prom-1' };
const NODE = encodeLeaf([]);

const tableMock = () => {
  const client = new DynamoDBClient(region);
  return { opened: { client, name: 'sluice' }, mock: mockClient(client) };
};
type TableMock = ReturnType<typeof tableMock>;

/** A call of the table in which one command fails and the others answer nothing. */
const table =
  (
    failing: (mock: TableMock['mock'], thrown: Error) => unknown,
    act: (stores: ReturnType<typeof dynamoStores>, opened: TableMock['opened']) => Promise<unknown>,
  ): Act =>
  (thrown) => {
    const { opened, mock } = tableMock();
    mock.onAnyCommand().resolves({});
    failing(mock, thrown);
    return act(dynamoStores(opened), opened);
  };

const TABLE: readonly (readonly [string, Act])[] = [
  [
    'GetItem',
    table(
      (mock, thrown) => mock.on(GetItemCommand).rejects(thrown),
      (stores) => stores.promotions.read('acme', 'prom-1'),
    ),
  ],
  [
    'Query',
    table(
      (mock, thrown) => mock.on(QueryCommand).rejects(thrown),
      (stores) => stores.promotions.events('acme', 'prom-1'),
    ),
  ],
  [
    'PutItem',
    table(
      (mock, thrown) => mock.on(PutItemCommand).rejects(thrown),
      (_, opened) => dynamoSalts(opened).of('acme'),
    ),
  ],
  [
    'UpdateItem',
    table(
      (mock, thrown) => mock.on(UpdateItemCommand).rejects(thrown),
      (stores) => stores.workflowRecords.postpone(REF, 1, AT),
    ),
  ],
  [
    'DeleteItem',
    table(
      (mock, thrown) => mock.on(DeleteItemCommand).rejects(thrown),
      (_, opened) => dynamoCursors(opened).write('walk', undefined),
    ),
  ],
  [
    'BatchGetItem',
    table(
      (mock, thrown) => mock.on(BatchGetItemCommand).rejects(thrown),
      (stores) => stores.nodes.reader('acme').read([NODE.id], 'strong'),
    ),
  ],
  [
    'BatchWriteItem',
    table(
      (mock, thrown) => mock.on(BatchWriteItemCommand).rejects(thrown),
      (stores) => stores.nodes.put('acme', [NODE]),
    ),
  ],
  [
    'TransactWriteItems',
    table(
      (mock, thrown) => mock.on(TransactWriteItemsCommand).rejects(thrown),
      (stores) => stores.transactions.commit('acme', [promotionWrite(promotion('acme', 'prom-1', 1), 0)]),
    ),
  ],
];

describe.each(TABLE)('%s', (_, act) => {
  it.each(THROWN)('told of %s is a fault of the closed set, with its cause', async (__, thrown, expected) => {
    expect(await outcomeOf(act(thrown))).toBe(expected);
    await expect(act(thrown)).rejects.toMatchObject({ cause: { name: thrown.name } });
  });
});

describe.each(TABLE)('%s', (_, act) => {
  it.each(['AccessDeniedException', 'ValidationException', 'ResourceNotFoundException'])(
    'told of %s shows the mistake that it is, and is not tried again for ever',
    async (name) => {
      expect(await outcomeOf(act(named(name)))).toBe(`no fault: ${name}`);
    },
  );
});
