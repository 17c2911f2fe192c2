import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { CreateTableCommand, DeleteTableCommand, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { openTable, TABLE_DEFINITION, type Table } from '../../functions/adapters/dynamodb/table.ts';
import { freePort } from '../../local/ports.ts';
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

/** The product's own deadlines are for AWS: here the machine may be busy, and storms open many connections at once. */
const PATIENT = { connectionTimeout: 60_000, requestTimeout: 120_000, throwOnRequestTimeout: true };

/**
 * The embedded engine in memory (or the endpoint that SLUICE_DYNAMODB_ENDPOINT names) with a new, empty table. All tests of a process
 * share one engine: a process as large as theirs is slow to start others.
 */
export async function startEngine(): Promise<Engine> {
  own ??= ENDPOINT === undefined ? spawnEngine() : Promise.resolve(ENDPOINT);
  const endpoint = await own;
  const name = `sluice-test-${crypto.randomUUID()}`;
  const open = (overrides: DynamoDBClientConfig = {}): Table =>
    openTable(name, {
      endpoint,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: PATIENT,
      // A test may begin to measure after the first calls.
      cacheMiddleware: false,
      ...overrides,
    });
  const table = open();
  await table.client.send(new CreateTableCommand({ TableName: name, ...TABLE_DEFINITION }));
  return {
    endpoint,
    table,
    open,
    async stop() {
      await table.client.send(new DeleteTableCommand({ TableName: name }));
      table.client.destroy();
    },
  };
}

/** The endpoint of this process's engine, once a test has asked for one. */
let own: Promise<string> | undefined;

/** Ports that are tried, one after another: the one that was free may be taken when the engine wants it. */
const PORTS = 5;

/** Runs a program until its standard input ends: when this process does, however it ends. */
const WHILE_HEARD = 'exec 3<&0; "$@" 3<&- & it=$!; { read -r _ <&3; kill "$it"; } & wait "$it"';

async function spawnEngine(): Promise<string> {
  const path = binary();
  if (path === undefined) throw new Error(engineMissing());
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const serve = [path, 'serve', '--host', '127.0.0.1', '--port', String(port)];
    const child = spawn('sh', ['-c', WHILE_HEARD, 'sh', ...serve], { stdio: ['pipe', 'ignore', 'pipe'] });
    if (await listening(child)) {
      // It keeps no program from ending.
      child.unref();
      for (const stream of child.stdio) if (stream instanceof Socket) stream.unref();
      return `http://127.0.0.1:${port}`;
    }
    if (tries === PORTS) throw new Error(`the engine did not start on ${PORTS} ports`);
  }
}

/** Whether the engine says that it listens; `false` once it ended without. */
function listening(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    let said = '';
    child.stderr?.on('data', (chunk) => {
      said += String(chunk);
      if (said.includes('listening on')) resolve(true);
    });
    child.once('exit', () => resolve(false));
    child.once('error', () => resolve(false));
  });
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
