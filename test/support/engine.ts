import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DeleteTableCommand, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { openTable, TABLE_DEFINITION, type Table } from '../../functions/adapters/dynamodb/table.ts';
import { skipLoudly } from './programs.ts';

export type Engine = {
  readonly endpoint: string;
  readonly table: Table;
  /** Another client of the same table: with its own middleware, retries or time-outs. */
  open(overrides?: DynamoDBClientConfig): Table;
  stop(): Promise<void>;
};

const ENDPOINT = process.env['SLUICE_DYNAMODB_ENDPOINT'];

/** Why no engine can be had here; `undefined` when one can. */
export function engineMissing(): string | undefined {
  if (ENDPOINT !== undefined || binary() !== undefined) return undefined;
  return `no embedded engine for ${process.platform}-${process.arch}: set SLUICE_DYNAMODB_ENDPOINT to a DynamoDB endpoint`;
}

/** Whether tests on the engine must be skipped here: loudly, and never in CI. */
export const skipWithoutEngine = (): boolean => skipLoudly('on the real table', engineMissing());

/** The embedded engine in memory (or the endpoint that SLUICE_DYNAMODB_ENDPOINT names) with a new, empty table. */
export async function startEngine(): Promise<Engine> {
  const process = ENDPOINT === undefined ? await spawnEngine() : undefined;
  const endpoint = ENDPOINT ?? process?.endpoint ?? '';
  const name = `sluice-test-${crypto.randomUUID()}`;
  const open = (overrides: DynamoDBClientConfig = {}): Table =>
    openTable(name, {
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      ...overrides,
    });
  const table = open();
  await createWhenReady(table);
  return {
    endpoint,
    table,
    open,
    async stop() {
      if (process === undefined) await table.client.send(new DeleteTableCommand({ TableName: name }));
      table.client.destroy();
      await process?.stop();
    },
  };
}

async function spawnEngine() {
  const path = binary();
  if (path === undefined) throw new Error(engineMissing());
  const port = await freePort();
  const child = spawn(path, ['serve', '--host', '127.0.0.1', '--port', String(port)], { stdio: 'ignore' });
  const endWithParent = () => child.kill('SIGKILL');
  process.once('exit', endWithParent);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async stop() {
      process.off('exit', endWithParent);
      await ended(child);
    },
  };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** The engine is up within some milliseconds; anything else than a refused connection is an answer. */
async function createWhenReady(table: Table): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    try {
      await table.client.send(new CreateTableCommand({ TableName: table.name, ...TABLE_DEFINITION }));
      return;
    } catch (error) {
      const refused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      if (!refused || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}

function binary(): string | undefined {
  const require = createRequire(import.meta.url);
  try {
    const folder = dirname(require.resolve(`@dynoxide/${process.platform}-${process.arch}/package.json`));
    const path = join(folder, 'dynoxide');
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}
