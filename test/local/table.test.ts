import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeTableCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableDefinition } from '../../local/cloudformation/tables.ts';
import { addIndexes, createTables } from '../../local/table/create-tables.ts';
import { startEngine, type TableEngine } from '../../local/table/engine.ts';
import { startFixture } from './fixture.ts';

const index = (name: string): TableDefinition['GlobalSecondaryIndexes'][number] => ({
  IndexName: name,
  KeySchema: [{ AttributeName: `${name}PK`, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'KEYS_ONLY' },
});
const table = (...indexes: string[]): TableDefinition => ({
  name: 'things',
  KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }],
  AttributeDefinitions: ['PK', ...indexes.map((name) => `${name}PK`)].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: indexes.map(index),
});

describe('the table engine', () => {
  let directory: string;
  let engine: TableEngine;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sluice-engine-'));
    engine = await startEngine(directory);
  });
  afterAll(async () => {
    await engine.stop();
    await rm(directory, { recursive: true, force: true, maxRetries: 20 });
  });

  it('gets the tables of the template once, and the indexes a newer template adds', async () => {
    const client = new DynamoDBClient({
      endpoint: engine.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    const indexes = async () => {
      const { Table } = await client.send(new DescribeTableCommand({ TableName: 'things' }));
      return Table?.GlobalSecondaryIndexes?.map(({ IndexName, Projection }) => [
        IndexName,
        Projection?.ProjectionType,
      ]);
    };
    await createTables(engine.endpoint, [table()]);
    expect(await indexes()).toBeUndefined();
    await createTables(engine.endpoint, [table()]);
    const Item = { PK: { S: 'older' }, GSI1PK: { S: 'than the index' } };
    await client.send(new PutItemCommand({ TableName: 'things', Item }));
    await createTables(engine.endpoint, [table('GSI1', 'GSI2')]);
    expect(await indexes()).toBeUndefined();
    await addIndexes(engine.endpoint, [table('GSI1', 'GSI2')]);
    const found = await client.send(new ScanCommand({ TableName: 'things', IndexName: 'GSI1' }));
    expect(found.Items).toEqual([Item]);
    await addIndexes(engine.endpoint, [table('GSI1', 'GSI2')]);
    expect((await indexes())?.sort()).toEqual([
      ['GSI1', 'KEYS_ONLY'],
      ['GSI2', 'KEYS_ONLY'],
    ]);
    client.destroy();
  });

  it('can be another endpoint, which the runtime uses and does not end', async () => {
    const fixture = await startFixture({ SLUICE_DYNAMODB_ENDPOINT: engine.endpoint });
    await fixture.act('put', { id: 'elsewhere', value: 1 });
    expect((await fixture.act('environment')).body.AWS_ENDPOINT_URL_DYNAMODB).toBe(engine.endpoint);
    expect(await fixture.stop()).toBe(0);
    expect((await fetch(engine.endpoint)).ok).toBe(true);
  });
});

it('an engine that ends by itself ends the runtime, which says so', async () => {
  const fixture = await startFixture();
  const { body } = await fixture.act('environment');
  const port = Number(new URL(body.AWS_ENDPOINT_URL_DYNAMODB).port);
  process.kill(await engineProcess(port), 'SIGKILL');
  expect(await fixture.gone).toBe(1);
  expect(fixture.output()).toContain('The table engine ended. Nothing is lost; start again.');
  await rm(fixture.dataDir, { recursive: true, force: true, maxRetries: 20 });
});

/** The process that listens as engine on this port, by its command line; the shell that watches it comes first. */
async function engineProcess(port: number): Promise<number> {
  const { readdir, readFile } = await import('node:fs/promises');
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const [program = '', ...args] = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split(
      '\0',
    );
    if (program.endsWith('/dynoxide') && args.includes(String(port))) return Number(pid);
  }
  throw new Error(`No engine listens on ${port}.`);
}
