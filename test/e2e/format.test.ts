import {
  type AttributeValue,
  DynamoDBClient,
  ListTablesCommand,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { item } from '../../functions/adapters/dynamodb/item.ts';
import { formatKey } from '../../functions/adapters/dynamodb/keys.ts';
import { FORMAT, RELEASE } from '../../functions/domain/format/number.ts';
import type { FunctionDeclaration } from '../../infra/declaration.ts';
import { FUNCTIONS } from '../../infra/functions.ts';
import { startEngine as startTable } from '../../local/table/engine.ts';
import { Api, until } from '../support/api.ts';
import { listen } from '../support/listener.ts';
import { newDataDir, type Runtime, realAssembly, startRuntime } from '../support/runtime.ts';
import { launch } from '../support/runtime-process.ts';

type Item = Record<string, AttributeValue>;
type Table = { readonly items: () => Promise<Item[]>; readonly put: (each: Item) => Promise<unknown> };

/** The one table behind an endpoint. */
async function tableAt(endpoint: string): Promise<Table> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  const [TableName = ''] = (await client.send(new ListTablesCommand({}))).TableNames ?? [];
  return {
    put: (Item) => client.send(new PutItemCommand({ TableName, Item })),
    async items() {
      const all: Item[] = [];
      for await (const page of paginateScan({ client }, { TableName })) all.push(...(page.Items ?? []));
      return all.sort((a, b) =>
        JSON.stringify([a['PK'], a['SK']]) < JSON.stringify([b['PK'], b['SK']]) ? -1 : 1,
      );
    },
  };
}

const raised = (format: number) =>
  item({ ...formatKey, format, readable_from: format, written_by: 'sluice 9.9.9', at: 'then' });
const HOUR = 3_600_000;
/** More than the number is trusted for. */
const NOTICED = 31_000;

let runtime: Runtime;
let engine: Awaited<ReturnType<typeof startTable>>;
let table: Table;
let dev: Api;
let alice: Api;
beforeAll(async () => {
  const dataDir = await newDataDir();
  engine = await startTable(dataDir);
  const environment = { SLUICE_LOCAL_CLOCK: 'adjustable', SLUICE_DYNAMODB_ENDPOINT: engine.endpoint };
  runtime = await startRuntime(environment, { dataDir });
  table = await tableAt(engine.endpoint);
  dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  alice = new Api(runtime.url, await runtime.token('alice@acme.com'));
});
afterAll(async () => {
  await runtime.stop();
  await engine.stop();
});

async function invoke(name: string, event: unknown): Promise<ReturnType<typeof JSON.parse>> {
  const answer = await fetch(`${runtime.url}/_local/invoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ function: name, event }),
  });
  return answer.json();
}

/** A path of an HTTP function that is there. */
function pathOf({ trigger }: FunctionDeclaration): string {
  if (trigger.type !== 'http') throw new Error('not called over HTTP');
  const [{ path } = { path: '' }] = trigger.paths;
  return path === '$default' ? '/openapi.json' : path.replaceAll(/\{\w+\+?\}/g, 'x');
}

const HTTP = FUNCTIONS.filter(({ trigger }) => trigger.type === 'http');

describe('a running installation whose table gets a format that its code does not read', () => {
  let waiting: string;
  let before: Item[];
  beforeAll(async () => {
    const asked = { targetEnvironment: 'production', promotionType: 'FULL' };
    waiting = `/api/v1/config/promotions/${(await dev.post('/api/v1/config/promotions', asked)).body.id}`;
    const at = new Date(Date.now() + HOUR).toISOString();
    expect((await dev.post(`${waiting}/schedule`, { at })).status).toBe(200);
    expect((await alice.post(`${waiting}/approve`)).body).toMatchObject({ status: 'scheduled' });
    // What was announced has been delivered: from here on only refused functions run.
    for (const name of ['sweep', 'feed-log']) await runtime.runSchedule(name);
    await table.put(raised(FORMAT + 1));
    await runtime.advanceClock(NOTICED);
    await until(
      async () => (await dev.get('/api/v1/me')).status,
      (status) => status === 503,
    );
    before = await table.items();
  });

  it.each(HTTP.map((declaration) => [declaration.name, pathOf(declaration)]))(
    'answers 503 for %s (%s), with a sentence that names the release to run',
    async (_, path) => {
      const { status, body, headers } = await dev.get(path);
      expect({ status, code: body.code }).toEqual({ status: 503, code: 'format_unsupported' });
      expect(body.detail).toContain('run the release that wrote it (sluice 9.9.9)');
      expect(headers.get('retry-after')).toBe('30');
    },
  );

  const promotion = () => {
    const promotionId = waiting.split('/').at(-1);
    return { tenantId: '550e8400-e29b-41d4-a716-446655440000', promotionId, execution: `${promotionId}-1` };
  };
  const token = { token: 't', entered_time: '2026-11-24T12:00:00Z', retry_count: 0 };
  it.each<[string, () => object]>([
    ['assess', promotion],
    ['await', () => ({ ...promotion(), ...token })],
    ['execute', promotion],
    ['execute-and-wait', () => ({ ...promotion(), ...token })],
    ['settle', () => ({ ...promotion(), fault: { Error: 'TypeError' } })],
    ['fire', () => ({ ...promotion(), at: 'now' })],
    ['sweep', () => ({})],
    ['feed-log', () => ({})],
    ['evaluate-rules', () => ({})],
    ['garbage', () => ({})],
    ['seed', () => ({ people: [{ tenant_id: 't', user_id: 'u', email: 'u@t.com', roles: ['admin'] }] })],
  ])('fails %s by the name that its caller waits for', async (name, event) => {
    const { ok, error } = await invoke(name, event());
    expect({ ok, type: error?.errorType }).toEqual({ ok: false, type: 'FormatUnsupported' });
  });

  it('hands messages of queues back, and puts nobody into a token', async () => {
    const attributes = { ApproximateReceiveCount: '1', MessageGroupId: 'g' };
    const task = { tenant: 't', channel_id: 'c', promotion_id: 'p', seq: 1, verb: 'approved', event_id: 'e' };
    const message = { messageId: 'm', receiptHandle: 'r', body: JSON.stringify(task), attributes };
    const { payload } = await invoke('deliver', { Records: [message] });
    expect(payload ?? { batchItemFailures: [] }).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
    const claims = await invoke('token-claims', { request: { userAttributes: { sub: 'x' } }, response: {} });
    expect(JSON.stringify(claims)).not.toContain('roles');
  });

  it('executes nothing when its time comes, and changes nothing', async () => {
    await runtime.advanceClock(HOUR);
    expect(await invoke('fire', { ...promotion(), at: 'now' })).toMatchObject({ ok: false });
    expect(await table.items()).toEqual(before);
  });

  it('is refused at the next start by the same sentence, and serves no page', async () => {
    const second = await newDataDir();
    const another = launch({
      PORT: '0',
      SLUICE_DATA_DIR: second,
      SLUICE_ASSEMBLY_DIR: await realAssembly(),
      SLUICE_DYNAMODB_ENDPOINT: engine.endpoint,
    });
    expect(await another.gone).toBe(1);
    expect(another.output()).toContain('Sluice does not start: the table has format');
    expect(another.output()).toContain('sluice 9.9.9');
    expect(another.output()).not.toContain('ready');
    expect(await table.items()).toEqual(before);
  });

  it('goes on with what waited once the right code runs', async () => {
    await table.put(raised(FORMAT));
    await runtime.advanceClock(NOTICED);
    await until(
      async () => (await dev.get('/api/v1/me')).status,
      (status) => status === 200,
    );
    await runtime.runSchedule('sweep');
    const done = await until(
      async () => (await dev.get(waiting)).body,
      ({ status }) => status === 'completed',
    );
    expect(done).toMatchObject({ status: 'completed' });
  });
});

describe('the start', () => {
  it('numbers an empty table before anything is written to it', async () => {
    const found = (await table.items()).filter(({ PK }) => PK?.S === formatKey.PK);
    expect(found).toHaveLength(1);
    const dataDir = await newDataDir();
    const own = await startRuntime({ SLUICE_DEMO: 'off' }, { dataDir });
    await own.kill9();
    const stopped = await startTable(dataDir);
    try {
      const [number] = (await (await tableAt(stopped.endpoint)).items()).filter(
        ({ PK }) => PK?.S === formatKey.PK,
      );
      const told = { format: FORMAT, readable_from: FORMAT, written_by: RELEASE };
      expect(number).toMatchObject(item(told));
    } finally {
      await stopped.stop();
    }
  });
});

describe('a migration that was under way', () => {
  const number = async () => (await table.items()).find(({ PK }) => PK?.S === formatKey.PK);

  it('is ended by calls of the function itself: the deployment that asks is answered at once', async () => {
    const cloudFormation = await listen((_, __, response) => response.end());
    const moving = JSON.stringify({ moved: 7, read_only: false });
    await table.put({ ...raised(FORMAT), ...item({ at: '2026-01-01T00:00:00.000Z', step: 3, moving }) });
    try {
      const event = {
        ...{ RequestType: 'Update', ResponseURL: `http://127.0.0.1:${cloudFormation.port}/answer` },
        ...{ StackId: 's', RequestId: 'r', LogicalResourceId: 'l', ResourceProperties: { part: 'moves' } },
      };
      expect(await invoke('garbage', event)).toMatchObject({ ok: true });
      expect(cloudFormation.received.map(({ body }) => JSON.parse(body).Status)).toEqual(['SUCCESS']);
      await until(number, (found) => found?.['moving'] === undefined);
      expect(Number((await number())?.['step']?.N)).toBeGreaterThan(3);
    } finally {
      await cloudFormation.stop();
    }
  });
});
