import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const run = promisify(execFile);
const TENANT = '550e8400-e29b-41d4-a716-446655440000';

/** Less than a token lives. */
const HALF_AN_HOUR = 1_800_000;

let runtime: Runtime;
let dev: Api;
let alice: Api;

beforeAll(async () => {
  runtime = await startRuntime({ SLUICE_LOCAL_CLOCK: 'adjustable' });
  dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  alice = new Api(runtime.url, await runtime.token('alice@acme.com'));
});
afterAll(() => stopReplayed(runtime));

/** Runs a command of the config-promotion document as it is written there, on the port of this runtime. */
async function shell(command: string) {
  const environment = { ...process.env, TOKEN: await runtime.token('dev@acme.com') };
  const here = command.replace('http://localhost:8888', runtime.url);
  const { stdout } = await run('bash', ['-c', here.replace('curl ', 'curl -s ')], { env: environment });
  return JSON.parse(stdout);
}

const DIFF = `curl "http://localhost:8888/api/v1/config/promotions/diff?source=staging&target=production" \\
  -H "Authorization: Bearer \${TOKEN}" \\
  -H "X-Tenant-ID: 550e8400-e29b-41d4-a716-446655440000"`;

const CREATE = `curl -X POST http://localhost:8888/api/v1/config/promotions \\
  -H "Content-Type: application/json" \\
  -H "Authorization: Bearer \${TOKEN}" \\
  -H "X-Tenant-ID: 550e8400-e29b-41d4-a716-446655440000" \\
  -H "X-User-ID: 550e8400-e29b-41d4-a716-446655440001" \\
  -H "X-User-Email: dev@acme.com" \\
  -d '{
    "sourceEnvironment": "staging",
    "targetEnvironment": "production",
    "promotionType": "SELECTIVE",
    "configIds": ["770e8400-..."],
    "flagIds": ["880e8400-..."],
    "keyPatterns": ["query.*"],
    "notes": "Promoting query timeout changes verified in staging"
  }'`;

describe('the config-promotion document, verbatim', () => {
  it('diffs the demo environments as it says', async () => {
    expect(await shell(DIFF)).toEqual({
      sourceEnvironment: 'staging',
      targetEnvironment: 'production',
      added: [{ key: 'ai.new-model', value: 'gpt-4-turbo' }],
      modified: [{ key: 'query.timeout', sourceValue: '180s', targetValue: '120s' }],
      removed: [],
      unchanged: 35,
    });
  });

  it('creates the promotion, and its whole lifecycle runs: validate, approve, execute, rollback', async () => {
    const created = await shell(CREATE);
    expect(created).toMatchObject({
      organizationId: TENANT,
      sourceEnvironment: 'staging',
      targetEnvironment: 'production',
      promotionType: 'SELECTIVE',
      status: 'pending',
      notes: 'Promoting query timeout changes verified in staging',
      changes: { added: 0, modified: 1, removed: 0, keys: ['query.timeout'] },
      unmatched: ['770e8400-...', '880e8400-...'],
    });
    const path = `/api/v1/config/promotions/${created.id}`;
    expect((await dev.post(`${path}/validate`)).body.status).toBe('pending');
    expect((await alice.post(`${path}/approve`)).body.status).toBe('approved');
    expect([200, 202]).toContain((await dev.post(`${path}/execute`)).status);
    await completed(path);
    const production = '/api/v1/config/environments/production';
    expect((await dev.get(`${production}/configs/query.timeout`)).body.entry.value).toBe('180s');

    const rollback = await dev.post(`${path}/rollback`, { reason: 'queries are too slow' });
    expect(rollback.body.impact).toMatchObject({ recommendation: 'SAFE', affectedConsumers: [] });
    expect(rollback.status).toBe(201);
    const back = `/api/v1/config/promotions/${rollback.body.id}`;
    await alice.post(`${back}/approve`);
    await dev.post(`${back}/execute`);
    await completed(back);
    expect((await dev.get(path)).body.status).toBe('rolled_back');
    expect((await dev.get(`${production}/configs/query.timeout`)).body.entry.value).toBe('120s');
    const { items } = (await dev.get(`${production}/revisions`)).body;
    expect(items.map(({ cause }: { cause: string }) => cause)).toEqual(['execute', 'execute', 'edit']);
  });

  it('promotes by the ids that the API shows, on a schedule that the sweep keeps', async () => {
    const { id } = (await dev.get('/api/v1/config/environments/staging/configs/ai.new-model')).body.entry;
    const created = await dev.post('/api/v1/config/promotions', {
      targetEnvironment: 'production',
      promotionType: 'SELECTIVE',
      configIds: [id],
    });
    const path = `/api/v1/config/promotions/${created.body.id}`;
    const at = new Date(Date.now() + HALF_AN_HOUR).toISOString();
    expect((await dev.post(`${path}/schedule`, { at })).status).toBe(200);
    expect((await alice.post(`${path}/approve`)).body).toMatchObject({
      status: 'scheduled',
      scheduledAt: at,
    });
    await runtime.advanceClock(HALF_AN_HOUR);
    await runtime.runSchedule('sweep');
    await completed(path);
    const { entry } = (await dev.get('/api/v1/config/environments/production/configs/ai.new-model')).body;
    expect(entry).toMatchObject({ id, value: 'gpt-4-turbo' });
  });

  it('imports and exports an environment', async () => {
    const { entries } = (await dev.get('/api/v1/config/environments/staging/export')).body;
    expect(entries).toHaveLength(37);
    const done = await dev.post('/api/v1/config/environments/dev/import', { entries });
    expect(done.body).toMatchObject({ environment: 'development', changed: 37 });
  });
});

async function completed(path: string): Promise<void> {
  await until(
    async () => (await dev.get(path)).body.status,
    (status) => status === 'completed',
  );
}
