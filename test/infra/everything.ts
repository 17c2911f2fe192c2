import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type ExportItem, exportLine } from '../../functions/domain/audit/export-item.ts';
import { verifyExport } from '../../functions/domain/audit/verify.ts';
import { Api, until } from '../support/api.ts';
import type { GatewayServer } from '../support/gateway.ts';
import type { Runtime } from '../support/runtime.ts';
import { signedHeaders } from '../support/runtime-sign.ts';

const TENANT = '550e8400-e29b-41d4-a716-446655440000';

type World = {
  readonly runtime: Runtime;
  readonly gateway: GatewayServer;
  readonly dev: Api;
  readonly alice: Api;
  readonly admin: Api;
};

/** Makes every function do all that it does, as far as one run can. Needs an adjustable clock. */
export async function doEverything(runtime: Runtime, gateway: GatewayServer): Promise<void> {
  await writeFile(
    join(runtime.dataDir, 'secrets.json'),
    JSON.stringify({ [`sluice/${TENANT}/gw`]: 'token' }),
  );
  const as = async (email: string) => new Api(runtime.url, await runtime.token(email));
  const world = {
    runtime,
    gateway,
    dev: await as('dev@acme.com'),
    alice: await as('alice@acme.com'),
    admin: await as('admin@acme.com'),
  };
  await administer(world);
  await promote(world);
  await prove(world);
  await fail(world);
  await configure(world);
  await letTimePass(world);
  await audit(world);
}

/** Reads the audit, is told no, and proves what was recorded with the key of the template. */
async function audit({ admin, dev }: World): Promise<void> {
  expect((await dev.get('/api/v1/audit')).status).toBe(403);
  await ok(admin.get('/api/v1/audit?environment=production'));
  await ok(admin.get('/api/v1/audit/denials'));
  const { public_key, ...signed } = await ok(admin.get('/api/v1/audit/checkpoint'));
  const lines = [exportLine(signed)];
  for (let cursor = ''; ; ) {
    const page = await ok(admin.get(`/api/v1/audit/export?limit=5${cursor}`));
    lines.push(...page.items.map((item: ExportItem) => exportLine(item)));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  const verified = verifyExport(lines, public_key);
  expect(verified.problems).toEqual([]);
  expect(verified.decisions).toBeGreaterThan(0);
}

/** Expects a 2xx and answers the body. */
async function ok(answer: ReturnType<Api['get']>) {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
}

/** Creates, reads, lists, changes and deletes one of everything that is administered or configured. */
async function administer({ runtime, gateway, admin }: World): Promise<void> {
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
  await ok(admin.post('/api/v1/environments/*/lock', { reason: 'test' }));
  await ok(admin.post('/api/v1/environments/*/unlock', { reason: 'test' }));
  const rule = { name: 'r', source_environment: 'staging', target_environment: 'production' };
  await crud('/api/v1/promotions/rules', rule, { ...rule, name: 'r2' });
  await crud('/api/v1/approval-policies', { name: 'p', environments: ['*'] }, { name: 'p2' });
  const window = { reason: 'test', starts_at: '2020-01-01T00:00:00Z', ends_at: '2020-01-02T00:00:00Z' };
  for (const scope of ['*', 'staging']) {
    await crud(`/api/v1/environments/${scope}/freezes`, window, { reason: 'other' });
  }
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

async function recorded({ dev }: World, agent: string, environment: string): Promise<string> {
  const body = { agent_id: agent, gateway_id: `gw-${environment}`, environment };
  return (await ok(dev.post('/api/v1/deployments', body))).id;
}

async function requested(world: World, agent: string): Promise<string> {
  const { dev } = world;
  const body = {
    agent_id: agent,
    source_deployment_id: await recorded(world, agent, 'staging'),
    target_gateway_id: 'gw-http',
    target_environment: 'production',
  };
  return `/api/v1/promotions/${(await ok(dev.post('/api/v1/promotions', body, { 'idempotency-key': agent }))).id}`;
}

const reaches = ({ dev }: World, path: string, status: string) =>
  until(
    async () => (await dev.get(path)).body,
    (promotion) => promotion.status === status,
  );

/** An automatic promotion, and approved ones through a gateway that answers at once and one that reports later. */
async function promote(world: World): Promise<void> {
  const { gateway, dev, alice, admin } = world;
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
  const id = await recorded(world, 'a-auto', 'development');
  await ok(dev.put(`/api/v1/deployments/${id}/metrics`, { tests: { pass_rate: 100 } }));
  await ok(dev.get(`/api/v1/deployments/${id}/auto-promotion`));
  const automatic = '/api/v1/promotions?agent_id=a-auto';
  await until(
    async () => (await dev.get(automatic)).body.items,
    (items) => items[0]?.status === 'completed',
  );

  const path = await requested(world, 'a-now');
  expect((await dev.post(`${path}/approve`)).status).toBe(403);
  await ok(alice.post(`${path}/approve`));
  await ok(dev.post(`${path}/execute`));
  await reaches(world, path, 'completed');
  for (const view of ['decision', 'manifest', 'timeline', 'approvals', 'changes', 'impact', 'evidence']) {
    await dev.get(`${path}/${view}`);
  }
  for (const list of ['deployments?environment=staging', 'deployments?agent_id=a-now']) {
    await ok(dev.get(`/api/v1/${list}`));
  }

  gateway.behaviour = () => 202;
  const later = await requested(world, 'a-later');
  await ok(alice.post(`${later}/approve`));
  await ok(dev.post(`${later}/execute`));
  await report(world, await asked(world, 'a-later'));
  await reaches(world, later, 'completed');
}

/** A promotion that waits for evidence, which somebody brings: first what fails, then what passes. */
async function prove(world: World): Promise<void> {
  const { dev, admin } = world;
  const gates = [{ name: 'tests', applies_to: ['agent'] }];
  await ok(admin.put('/api/v1/environments/staging', { gates }));
  const body = {
    agent_id: 'a-tested',
    source_deployment_id: await recorded(world, 'a-tested', 'development'),
    target_gateway_id: 'gw-staging',
    target_environment: 'staging',
    execution: 'automatic',
  };
  const path = `/api/v1/promotions/${(await ok(dev.post('/api/v1/promotions', body))).id}`;
  await reaches(world, path, 'blocked');
  const report = { gate: 'tests', format: 'json' };
  await ok(dev.post(`${path}/evidence`, { ...report, document: { passed: false } }));
  await until(
    async () => (await dev.get(`${path}/timeline`)).body.items,
    (events) => events.some(({ type }: { type: string }) => type === 'EvidenceAttached'),
  );
  // Its execution waits by now.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await ok(dev.post(`${path}/evidence`, { ...report, document: { passed: true } }));
  await reaches(world, path, 'completed');
  const { subject_digest } = (await ok(dev.get(`${path}/evidence`))).items[0];
  const again = { ...report, document: { passed: true, again: true }, subject_digest };
  await ok(dev.post('/api/v1/evidence', again, { 'idempotency-key': 'evidence' }));
  await ok(dev.get(`/api/v1/evidence?subject_digest=${subject_digest}`));
  await ok(admin.put('/api/v1/environments/staging', { gates: [] }));
}

/** The deployment that the gateway was asked for, once it was. */
const asked = ({ gateway }: World, agent: string): Promise<string> =>
  until(
    async () =>
      String(gateway.seen.findLast(({ body }) => body['agent_id'] === agent)?.body['deployment_id'] ?? ''),
    (id) => id !== '',
  );

/** The gateway's own machine says that a deployment is live. */
async function report({ runtime }: World, deployment: string): Promise<void> {
  const { items } = JSON.parse(await readFile(join(runtime.dataDir, 'machine-credentials.json'), 'utf8'));
  const url = `${runtime.url}/api/v1/platform/deployments/${deployment}`;
  const payload = JSON.stringify({ status: 'DEPLOYED' });
  const headers = await signedHeaders({ method: 'PATCH', url, body: payload, credential: items[0] });
  const answer = await fetch(url, { method: 'PATCH', headers, body: payload });
  expect(answer.status, await answer.text()).toBe(200);
}

/** A gateway that refuses, people who do, and a step whose fault outlived its retries. */
async function fail(world: World): Promise<void> {
  const { gateway, dev, alice } = world;
  gateway.behaviour = () => 422;
  const refused = await requested(world, 'a-refused');
  await ok(alice.post(`${refused}/approve`));
  await ok(dev.post(`${refused}/execute`));
  await reaches(world, refused, 'failed');
  await ok(dev.post(`${refused}/retry`));

  const rejected = await requested(world, 'a-rejected');
  await ok(alice.post(`${rejected}/request-changes`, { reason: 'tests' }));
  await ok(dev.post(`${rejected}/resubmit`));
  await ok(dev.post(`${rejected}/validate`));
  await ok(alice.post(`${rejected}/reject`, { reason: 'no' }));
  await ok(dev.delete(await requested(world, 'a-cancelled')));

  gateway.behaviour = () => 202;
  const silent = await requested(world, 'a-silent');
  await ok(alice.post(`${silent}/approve`));
  await ok(dev.post(`${silent}/execute`));
  await reaches(world, silent, 'executing');
  await asked(world, 'a-silent');
  gateway.behaviour = () => 200;
  await invoke(world, 'settle', {
    tenantId: TENANT,
    promotionId: silent.split('/').at(-1),
    execution: 'x-1',
    fault: { Error: 'States.Timeout', Cause: '' },
  });
  await reaches(world, silent, 'completed');
}

async function invoke({ runtime }: World, name: string, event: object): Promise<void> {
  const answer = await fetch(`${runtime.url}/_local/invoke`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ function: name, event }),
  });
  expect(await answer.json()).toMatchObject({ ok: true });
}

/** A schedule that comes due, a gateway that never reports, an approval that expires. */
async function letTimePass(world: World): Promise<void> {
  const { runtime, gateway, dev, alice, admin } = world;
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
  const aged = await recorded(world, 'a-aged', 'development');
  const scheduled = await requested(world, 'a-scheduled');
  await ok(dev.post(`${scheduled}/schedule`, { at: new Date(Date.now() + 3_600_000).toISOString() }));
  await ok(alice.post(`${scheduled}/approve`));
  const pending = await requested(world, 'a-pending');
  gateway.behaviour = () => 202;
  const never = await requested(world, 'a-never');
  await ok(alice.post(`${never}/approve`));
  await ok(dev.post(`${never}/execute`));
  await asked(world, 'a-never');
  await runtime.advanceClock(2 * 3_600_000);
  gateway.behaviour = () => 200;
  for (const schedule of ['sweep', 'evaluate-rules']) await runtime.runSchedule(schedule);
  await reaches(world, scheduled, 'completed');
  await reaches(world, never, 'completed');
  await holdAndFree(world, aged);
  expect((await admin.delete('/api/v1/gateways/gw-http')).body.code).toBe('in_use');
  await runtime.advanceClock(400 * 24 * 3_600_000);
  for (const schedule of ['sweep', 'evaluate-rules']) await runtime.runSchedule(schedule);
  await reaches(world, pending, 'rejected');
}

/** A person rejects what a rule had requested, which holds the rule back, and then another requests it after all. */
async function holdAndFree({ dev, alice }: World, source_deployment_id: string): Promise<void> {
  const [promotion] = await until(
    async () => (await dev.get('/api/v1/promotions?agent_id=a-aged')).body.items,
    (items) => items.length === 1,
  );
  await ok(alice.post(`/api/v1/promotions/${promotion.id}/reject`, { reason: 'not yet' }));
  const target = { target_gateway_id: 'gw-staging', target_environment: 'staging' };
  await ok(dev.post('/api/v1/promotions', { agent_id: 'a-aged', source_deployment_id, ...target }));
}

/** Edits, exports, imports, promotes and takes back configuration. */
async function configure({ runtime, dev, alice }: World): Promise<void> {
  const [environments, promotions] = ['/api/v1/config/environments', '/api/v1/config/promotions'];
  await ok(dev.put(`${environments}/staging/configs/recorded`, { value: 1 }));
  await ok(dev.put(`${environments}/staging/flags/recorded`, FLAG));
  await ok(dev.get(`${environments}/staging/snapshot`));
  await ok(dev.post('/ofrep/v1/evaluate/flags?environment=staging', { context: {} }));
  await ok(dev.get(`${environments}/staging/revisions`));
  const { entries } = await ok(dev.get(`${environments}/staging/export`));
  await ok(dev.post(`${environments}/development/import`, { entries }));
  await ok(dev.get(`${promotions}/diff?source=staging&target=production`));
  const ask = { targetEnvironment: 'production', promotionType: 'PATTERN', keyPatterns: ['recorded'] };
  const { id } = await ok(dev.post(promotions, ask));
  await ok(dev.get(promotions));
  await ok(dev.get(`${promotions}/${id}/changes`));
  await ok(alice.post(`${promotions}/${id}/approve`));
  await ok(dev.post(`${promotions}/${id}/execute`));
  const status = async () => (await ok(dev.get(`${promotions}/${id}`))).status;
  await until(status, (now) => now === 'completed');
  const selected = {
    targetEnvironment: 'production',
    promotionType: 'SELECTIVE',
    configIds: ['ai.new-model'],
  };
  const cancelled = await ok(dev.post(promotions, selected));
  await ok(dev.delete(`${promotions}/${cancelled.id}`));
  const back = await ok(dev.post(`${promotions}/${id}/rollback`));
  await ok(alice.post(`${promotions}/${back.id}/reject`, { reason: 'no' }));
  await ok(dev.post(`${promotions}/${id}/rollback`));
  await runtime.runSchedule('garbage');
}

const FLAG = { enabled: true, variants: { on: true }, defaultVariant: 'on' };
