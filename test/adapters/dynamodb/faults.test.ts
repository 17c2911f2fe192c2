import { createServer } from 'node:http';
import { createServer as createSocketServer, type Server } from 'node:net';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dynamoStores } from '../../../functions/adapters/dynamodb/stores.ts';
import { openTable, type Table } from '../../../functions/adapters/dynamodb/table.ts';
import { Fault, type FaultName } from '../../../functions/domain/faults.ts';
import type { Stores } from '../../../functions/ports/stores.ts';
import { AT, promotion, promotionWrite } from '../../ports/samples.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';

/** The engine serialises and never says these; real tables do. Each is raised where the answer would have been read. */
function failing(table: Table, error: () => Error, times = Number.POSITIVE_INFINITY): { calls: number } {
  const seen = { calls: 0 };
  table.client.middlewareStack.add(
    (next) => async (args) => {
      seen.calls += 1;
      if (seen.calls > times) return await next(args);
      throw error();
    },
    { step: 'finalizeRequest', priority: 'low', name: 'failing' },
  );
  return seen;
}

const METADATA = { $metadata: { httpStatusCode: 400 } };

function named(name: string, extra: object = {}): () => Error {
  return () => Object.assign(new Error(name), { name, ...METADATA }, extra);
}

function cancelled(...codes: string[]): () => Error {
  return () =>
    new TransactionCanceledException({
      message: 'cancelled',
      ...METADATA,
      CancellationReasons: codes.map((Code) => ({ Code })),
    });
}

describe.skipIf(skipWithoutEngine())('what the table says when it cannot', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  function storesThat(error: () => Error, times?: number): { stores: Stores; seen: { calls: number } } {
    const table = engine.open({ maxAttempts: 1 });
    const seen = failing(table, error, times);
    return { stores: dynamoStores(table), seen };
  }

  const write = promotionWrite(promotion('acme', 'prom-1', 1), 0);
  const two = [write, { write: 'raise_guard', environment: 'staging' }] as const;

  async function fault(promise: Promise<unknown>): Promise<FaultName | string> {
    const error = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error instanceof Fault) return error.name;
    return error instanceof Error ? `not a fault: ${error.name}` : 'nothing thrown';
  }

  test.each([
    // State, events, guard: the third item is the second write.
    ['a lost condition names its write', ['None', 'None', 'ConditionalCheckFailed'], [1]],
    [
      'two items of one write name it once',
      ['ConditionalCheckFailed', 'ConditionalCheckFailed', 'None'],
      [0],
    ],
    ['a conflict is nobody’s loss', ['None', 'TransactionConflict', 'None'], []],
    ['a loss outweighs a conflict', ['TransactionConflict', 'None', 'ConditionalCheckFailed'], [1]],
    ['a conflict outweighs throttling', ['TransactionConflict', 'ThrottlingError', 'None'], []],
  ])('in a cancelled transaction, %s', async (_, codes, lost) => {
    const { stores } = storesThat(cancelled(...codes));
    expect(await stores.transactions.commit('acme', two)).toEqual({ committed: false, lost });
  });

  test.each([
    ['ThrottlingError', 'Throttled'],
    ['ProvisionedThroughputExceeded', 'Throttled'],
    ['ValidationError', 'not a fault: TransactionCanceledException'],
    ['ItemCollectionSizeLimitExceeded', 'not a fault: TransactionCanceledException'],
  ])('a transaction cancelled by %s is %s', async (code, expected) => {
    const { stores } = storesThat(cancelled('None', code, 'None'));
    expect(await fault(stores.transactions.commit('acme', two))).toBe(expected);
  });

  const errors: [string, () => Error, string][] = [
    ['ProvisionedThroughputExceededException', named('ProvisionedThroughputExceededException'), 'Throttled'],
    ['ThrottlingException', named('ThrottlingException'), 'Throttled'],
    ['RequestLimitExceeded', named('RequestLimitExceeded'), 'Throttled'],
    ['InternalServerError', named('InternalServerError'), 'Unavailable'],
    ['any 5xx', named('Whatever', { $metadata: { httpStatusCode: 503 } }), 'Unavailable'],
    ['a time-out', named('TimeoutError'), 'Unavailable'],
    ['a reset connection', named('Error', { code: 'ECONNRESET' }), 'Unavailable'],
    ['a name that does not resolve', named('Error', { code: 'ENOTFOUND' }), 'Unavailable'],
    ['a conflict of a single write', named('TransactionConflictException'), 'Unavailable'],
    ['the same transaction under way', named('TransactionInProgressException'), 'Unavailable'],
    ['ValidationException', named('ValidationException'), 'not a fault: ValidationException'],
    ['AccessDeniedException', named('AccessDeniedException'), 'not a fault: AccessDeniedException'],
  ];

  test.each(errors)('%s is told alike by every port', async (_, error, expected) => {
    const { stores } = storesThat(error);
    const ref = { tenant: 'acme', id: 'prom-1' };
    const token = { token: 'x', attempt: 1, entered_time: AT, retry_count: 0, state: 'await' } as const;
    const actor = { subject: 'sub', email: '', kind: 'person' } as const;
    const calls: Promise<unknown>[] = [
      stores.transactions.commit('acme', two),
      stores.promotions.read('acme', 'prom-1'),
      stores.promotions.events('acme', 'prom-1'),
      stores.promotions.list('acme', {}, { limit: 5 }),
      stores.workflowRecords.raiseAttempt(ref, 0),
      stores.workflowRecords.clearWork(ref, 1, 1),
      stores.workflowRecords.postpone(ref, 1, AT),
      stores.workflowRecords.withWork({ limit: 5 }),
      stores.workflowRecords.due(AT, { limit: 5 }),
      stores.tokens.put(ref, token),
      stores.tokens.get(ref),
      stores.heads.inEnvironment('acme', 'staging', { limit: 5 }),
      stores.deployments.read('acme', 'dep-1'),
      stores.catalog.all('acme', 'environment'),
      stores.directory.membership('acme', 'sub'),
      stores.answers.read('acme', 'sha256:', AT),
      stores.denials.record({ tenant: 'acme', at: AT, actor, code: 'expired', action: 'approve' }),
    ];
    expect(await Promise.all(calls.map(fault))).toEqual(calls.map(() => expected));
  });

  test('a fault keeps its cause and says nothing of what was written', async () => {
    const { stores } = storesThat(named('TimeoutError'));
    await expect(stores.transactions.commit('acme', two)).rejects.toMatchObject({
      name: 'Unavailable',
      cause: { name: 'TimeoutError' },
    });
  });

  test('the SDK tries throttled and broken calls again before that', async () => {
    for (const error of [named('ThrottlingException'), named('Error', { code: 'ECONNRESET' })]) {
      const table = engine.open({ maxAttempts: 3 });
      const seen = failing(table, error, 2);
      expect(await dynamoStores(table).promotions.read('acme', 'nobody')).toBeUndefined();
      expect(seen.calls).toBe(3);
    }
  });

  test('a committed transaction whose answer was lost is not committed twice', async () => {
    const table = engine.open({ maxAttempts: 1 });
    table.client.middlewareStack.add(
      (next) => async (args) => {
        await next(args);
        throw named('TimeoutError')();
      },
      { step: 'finalizeRequest', priority: 'low', name: 'answerLost' },
    );
    expect(
      await fault(
        dynamoStores(table).transactions.commit('lost', [promotionWrite(promotion('lost', 'p', 2), 0)]),
      ),
    ).toBe('Unavailable');
    const after = dynamoStores(engine.table);
    expect((await after.promotions.read('lost', 'p'))?.state.seq).toBe(2);
    const again = await after.transactions.commit('lost', [promotionWrite(promotion('lost', 'p', 2), 0)]);
    expect(again).toEqual({ committed: false, lost: [0] });
  });
});

describe('an endpoint that does not answer', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });

  function listening(server: Server): Promise<string> {
    servers.push(server);
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
      });
    });
  }

  function tableAt(endpoint: string): Table {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    return openTable('sluice', { endpoint, region: 'eu-central-1', credentials });
  }

  test('is Unavailable after three tries', {
    timeout: 120_000,
  }, async () => {
    let connections = 0;
    const silent = createSocketServer((socket) => {
      connections += 1;
      socket.on('error', () => {});
      socket.unref();
    });
    const { promotions } = dynamoStores(tableAt(await listening(silent)));
    await expect(promotions.read('acme', 'prom-1')).rejects.toMatchObject({ name: 'Unavailable' });
    expect(connections).toBe(3);
  });

  test('is Unavailable when it refuses, breaks off, or answers nonsense', async () => {
    const refusing = createSocketServer();
    const closed = await listening(refusing);
    refusing.close();
    const breaking = await listening(createSocketServer((socket) => socket.destroy()));
    const broken = await listening(createServer((_, response) => response.writeHead(502).end('<html>bad')));
    for (const endpoint of [closed, breaking, broken]) {
      const { promotions } = dynamoStores(tableAt(endpoint));
      await expect(promotions.read('acme', 'prom-1')).rejects.toMatchObject({ name: 'Unavailable' });
    }
  });
});
