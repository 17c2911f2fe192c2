import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS, type FunctionName } from '../../infra/functions.ts';
import { Api, until } from '../support/api.ts';
import { GatewayServer } from '../support/gateway.ts';
import { grantedTo, needs } from '../support/grants.ts';
import { type Recording, readRecording, recordedAssembly } from '../support/recorded-assembly.ts';
import { type Runtime, realAssembly, startRuntime } from '../support/runtime.ts';
import { signedHeaders } from '../support/runtime-sign.ts';

const TENANT = '550e8400-e29b-41d4-a716-446655440000';
let folder: string;
let runtime: Runtime;
let gateway: GatewayServer;
let recording: Recording;
let dev: Api;
let alice: Api;
let admin: Api;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-recorded-'));
  const [assemblyDir, log] = [join(folder, 'assembly'), join(folder, 'calls.jsonl')];
  await recordedAssembly(await realAssembly(), assemblyDir, log);
  gateway = await GatewayServer.start();
  runtime = await startRuntime({ SLUICE_LOCAL_CLOCK: 'adjustable' }, { assemblyDir });
  await writeFile(
    join(runtime.dataDir, 'secrets.json'),
    JSON.stringify({ [`sluice/${TENANT}/gw`]: 'token' }),
  );
  const as = async (email: string) => new Api(runtime.url, await runtime.token(email));
  dev = await as('dev@acme.com');
  alice = await as('alice@acme.com');
  admin = await as('admin@acme.com');
  await administer();
  await promote();
  await fail();
  await letTimePass();
  recording = await readRecording(log);
});
afterAll(async () => {
  await Promise.all([runtime?.stop(), gateway?.stop()]);
  await rm(folder, { recursive: true, force: true });
});

/** Expects a 2xx and answers the body. */
async function ok(answer: ReturnType<Api['get']>) {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Creates, reads, lists, changes and deletes one of everything that is administered or configured. */
async function administer(): Promise<void> {
  const anyone = new Api(runtime.url, 'none');
  for (const path of ['/healthz', '/openapi.json']) await ok(anyone.get(path));
  const crud = async (path: string, created: object, change: object, id?: string) => {
    const made = await ok(admin.post(path, created));
    const one = `${path}/${id ?? made.id}`;
    await ok(admin.get(path));
    await ok(admin.get(one));
    await ok(admin.put(one, change));
    await ok(admin.delete(one));
  };
  await crud('/api/v1/members', { subject: 's1', email: 's1@acme.com' }, { groups: ['g'] }, 's1');
  const machine = { name: 'CI', account: '111122223333', role: 'ci', unique_id: 'AROACI', owner: 's2' };
  await ok(admin.post('/api/v1/members', { subject: 's2', email: 's2@acme.com' }));
  await crud('/api/v1/principals', machine, { name: 'CI 2' });
  await ok(
    admin.post('/api/v1/tenants', {
      id: 'other',
      name: 'Other',
      admin: { subject: 's3', email: 's3@x.com' },
    }),
  );
  await ok(admin.get('/api/v1/tenants'));
  await ok(admin.put('/api/v1/tenants/other', { name: 'Another' }));
  await crud('/api/v1/environments', { name: 'canary' }, { protected: true }, 'canary');
  await ok(admin.post('/api/v1/environments/staging/lock', { reason: 'test' }));
  await ok(admin.post('/api/v1/environments/staging/unlock', { reason: 'test' }));
  const rule = { name: 'r', source_environment: 'staging', target_environment: 'production' };
  await crud('/api/v1/promotions/rules', rule, { ...rule, name: 'r2' });
  await crud('/api/v1/gateways', { id: 'gw-x', environment: 'staging' }, { environment: 'staging' });
  for (const environment of ['development', 'staging']) {
    await ok(admin.post('/api/v1/gateways', { id: `gw-${environment}`, environment, driver: 'record' }));
  }
  const secret_ref = `sluice/${TENANT}/gw`;
  await ok(
    admin.post('/api/v1/gateways', {
      id: 'gw-http',
      environment: 'production',
      driver: 'http',
      endpoint: gateway.url,
      secret_ref,
      principal: 'local-recorder',
    }),
  );
}

async function recorded(agent: string, environment: string): Promise<string> {
  const body = { agent_id: agent, gateway_id: `gw-${environment}`, environment };
  return (await ok(dev.post('/api/v1/deployments', body))).id;
}

async function requested(agent: string): Promise<string> {
  const body = {
    agent_id: agent,
    source_deployment_id: await recorded(agent, 'staging'),
    target_gateway_id: 'gw-http',
    target_environment: 'production',
  };
  return `/api/v1/promotions/${(await ok(dev.post('/api/v1/promotions', body, { 'idempotency-key': agent }))).id}`;
}

const reaches = (path: string, status: string) =>
  until(
    async () => (await dev.get(path)).body,
    (promotion) => promotion.status === status,
  );

/** An automatic promotion, and approved ones through a gateway that answers at once and one that reports later. */
async function promote(): Promise<void> {
  await ok(
    admin.post('/api/v1/promotions/rules', {
      name: 'auto',
      source_environment: 'development',
      target_environment: 'staging',
      requires_approval: false,
      auto_promote: true,
      conditions: { all: [{ field: 'tests.pass_rate', op: 'gte', value: 100 }] },
    }),
  );
  const id = await recorded('a-auto', 'development');
  await ok(dev.put(`/api/v1/deployments/${id}/metrics`, { tests: { pass_rate: 100 } }));
  await ok(dev.get(`/api/v1/deployments/${id}/auto-promotion`));
  const automatic = '/api/v1/promotions?agent_id=a-auto';
  await until(
    async () => (await dev.get(automatic)).body.items,
    (items) => items[0]?.status === 'completed',
  );

  const path = await requested('a-now');
  expect((await dev.post(`${path}/approve`)).status).toBe(403);
  await ok(alice.post(`${path}/approve`));
  await ok(dev.post(`${path}/execute`));
  await reaches(path, 'completed');
  for (const view of ['decision', 'manifest', 'timeline', 'approvals', 'changes', 'impact', 'evidence']) {
    await dev.get(`${path}/${view}`);
  }
  for (const list of ['deployments?environment=staging', 'deployments?agent_id=a-now']) {
    await ok(dev.get(`/api/v1/${list}`));
  }

  gateway.behaviour = () => 202;
  const later = await requested('a-later');
  await ok(alice.post(`${later}/approve`));
  await ok(dev.post(`${later}/execute`));
  await report(await asked('a-later'));
  await reaches(later, 'completed');
}

/** The deployment that the gateway was asked for, once it was. */
const asked = (agent: string): Promise<string> =>
  until(
    async () =>
      String(gateway.seen.findLast(({ body }) => body['agent_id'] === agent)?.body['deployment_id'] ?? ''),
    (id) => id !== '',
  );

/** The gateway's own machine says that a deployment is live. */
async function report(deployment: string): Promise<void> {
  const { items } = JSON.parse(await readFile(join(runtime.dataDir, 'machine-credentials.json'), 'utf8'));
  const url = `${runtime.url}/api/v1/platform/deployments/${deployment}`;
  const payload = JSON.stringify({ status: 'DEPLOYED' });
  const headers = await signedHeaders({ method: 'PATCH', url, body: payload, credential: items[0] });
  const answer = await fetch(url, { method: 'PATCH', headers, body: payload });
  expect(answer.status, await answer.text()).toBe(200);
}

/** A gateway that refuses, people who do, and a step whose fault outlived its retries. */
async function fail(): Promise<void> {
  gateway.behaviour = () => 422;
  const refused = await requested('a-refused');
  await ok(alice.post(`${refused}/approve`));
  await ok(dev.post(`${refused}/execute`));
  await reaches(refused, 'failed');
  await ok(dev.post(`${refused}/retry`));

  const rejected = await requested('a-rejected');
  await ok(alice.post(`${rejected}/request-changes`, { reason: 'tests' }));
  await ok(dev.post(`${rejected}/resubmit`));
  await ok(dev.post(`${rejected}/validate`));
  await ok(alice.post(`${rejected}/reject`, { reason: 'no' }));
  await ok(dev.delete(await requested('a-cancelled')));

  gateway.behaviour = () => 202;
  const silent = await requested('a-silent');
  await ok(alice.post(`${silent}/approve`));
  await ok(dev.post(`${silent}/execute`));
  await reaches(silent, 'executing');
  await asked('a-silent');
  gateway.behaviour = () => 200;
  await invoke('settle', {
    tenantId: TENANT,
    promotionId: silent.split('/').at(-1),
    execution: 'x-1',
    fault: { Error: 'States.Timeout', Cause: '' },
  });
  await reaches(silent, 'completed');
}

async function invoke(name: string, event: object): Promise<void> {
  const answer = await fetch(`${runtime.url}/_local/invoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ function: name, event }),
  });
  expect(await answer.json()).toMatchObject({ ok: true });
}

/** A schedule that comes due, a gateway that never reports, an approval that expires. */
async function letTimePass(): Promise<void> {
  await ok(
    admin.post('/api/v1/promotions/rules', {
      name: 'an hour in development',
      source_environment: 'development',
      target_environment: 'staging',
      requires_approval: true,
      auto_promote: true,
      conditions: { all: [{ field: 'deployment.duration_hours', op: 'gte', value: 1 }] },
    }),
  );
  const aged = await recorded('a-aged', 'development');
  const scheduled = await requested('a-scheduled');
  await ok(dev.post(`${scheduled}/schedule`, { at: new Date(Date.now() + 3_600_000).toISOString() }));
  await ok(alice.post(`${scheduled}/approve`));
  const pending = await requested('a-pending');
  gateway.behaviour = () => 202;
  const never = await requested('a-never');
  await ok(alice.post(`${never}/approve`));
  await ok(dev.post(`${never}/execute`));
  await asked('a-never');
  await runtime.advanceClock(2 * 3_600_000);
  gateway.behaviour = () => 200;
  for (const schedule of ['sweep', 'evaluate-rules']) await runtime.runSchedule(schedule);
  await reaches(scheduled, 'completed');
  await reaches(never, 'completed');
  await holdAndFree(aged);
  expect((await admin.delete('/api/v1/gateways/gw-http')).body.code).toBe('in_use');
  await runtime.advanceClock(400 * 24 * 3_600_000);
  for (const schedule of ['sweep', 'evaluate-rules']) await runtime.runSchedule(schedule);
  await reaches(pending, 'rejected');
}

/** A person rejects what a rule had requested, which holds the rule back, and then another requests it after all. */
async function holdAndFree(source_deployment_id: string): Promise<void> {
  const [promotion] = await until(
    async () => (await dev.get('/api/v1/promotions?agent_id=a-aged')).body.items,
    (items) => items.length === 1,
  );
  await ok(alice.post(`/api/v1/promotions/${promotion.id}/reject`, { reason: 'not yet' }));
  const target = { target_gateway_id: 'gw-staging', target_environment: 'staging' };
  await ok(dev.post('/api/v1/promotions', { agent_id: 'a-aged', source_deployment_id, ...target }));
}

/** Grants that this run may not reach, and what would. */
const RARE: { readonly [name in FunctionName]?: readonly string[] } = {
  // An execution that is over although its promotion is not: the next attempt begins.
  deployments: ['states:StartExecution'],
  sweep: ['states:StartExecution'],
  // An assessment that comes out differently when the step makes it again.
  assess: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'events:PutEvents'],
  // An attempt that has lived 60 days, and is due at once.
  await: ['dynamodb:UpdateItem'],
  // A commit that never got its answer: its events are looked up.
  settle: ['dynamodb:Query'],
  // A gateway that changed its driver after the decision to execute without waiting.
  execute: ['secretsmanager:GetSecretValue'],
  // A request whose commit never got its answer, and that waits for its execution by the time it is looked up.
  'auto-promote': ['states:SendTaskSuccess'],
  // The same, and a walk over all tenants that an earlier run had to leave unfinished.
  'evaluate-rules': ['states:SendTaskSuccess', 'dynamodb:DeleteItem'],
};

describe('each function, in everything it was seen to do,', () => {
  it.each(FUNCTIONS.map(({ name }) => name))('%s is granted exactly what it needs', (name) => {
    const needed = new Set((recording.get(name) ?? []).flatMap(needs));
    const granted = grantedTo(name);
    expect(
      [...needed].filter((need) => !granted.includes(need)),
      'not granted',
    ).toEqual([]);
    const idle = granted.filter((grant) => !needed.has(grant));
    expect(
      idle.filter((grant) => !RARE[name]?.includes(grant)),
      'never used',
    ).toEqual([]);
  });
});
