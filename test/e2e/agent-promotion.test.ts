import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Api, until } from '../support/api.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const TENANT = '550e8400-e29b-41d4-a716-446655440000';
let runtime: Runtime;
let dev: Api;
let alice: Api;
let bob: Api;
let admin: Api;
let carol: Api;

beforeAll(async () => {
  runtime = await startRuntime({ SLUICE_LOCAL_CLOCK: 'adjustable' });
  const as = async (email: string) => new Api(runtime.url, await runtime.token(email));
  dev = await as('dev@acme.com');
  alice = await as('alice@acme.com');
  bob = await as('bob@acme.com');
  admin = await as('admin@acme.com');
  carol = await as('carol@globex.com');
});
afterAll(() => stopReplayed(runtime));

/** The document's request, for an agent and its source deployment. */
const toProduction = (agent_id: string, source_deployment_id: string, target_environment = 'production') => ({
  agent_id,
  source_deployment_id,
  target_gateway_id: 'gw-789',
  target_environment,
});

/** A recorded deployment of an agent, live in an environment. */
async function recorded(id: string, agent: string, environment: string, extra: object = {}): Promise<string> {
  const answer = await dev.post('/api/v1/deployments', {
    id,
    agent_id: agent,
    gateway_id: `gw-${environment}`,
    environment,
    ...extra,
  });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
  return answer.body.id;
}

async function gateway(id: string, environment: string): Promise<void> {
  const answer = await admin.post('/api/v1/gateways', { id, environment, driver: 'record' });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
}

const statusOf = (id: string) => async (): Promise<Answer['body']> =>
  (await dev.get(`/api/v1/promotions/${id}`)).body;
const is = (status: string) => (promotion: Answer['body']) => promotion.status === status;

describe('the agent-promotion document, against the running product', () => {
  beforeAll(async () => {
    await gateway('gw-development', 'development');
    await gateway('gw-staging', 'staging');
    await gateway('gw-789', 'production');
  });

  it('creates the rule of "Auto-promote to Staging" as written', async () => {
    const answer = await admin.post('/api/v1/promotions/rules', {
      name: 'Auto-promote to Staging',
      source_environment: 'development',
      target_environment: 'staging',
      requires_approval: false,
      auto_promote: true,
      conditions: {
        all: [
          { field: 'tests.pass_rate', op: 'gte', value: 100 },
          { field: 'metrics.error_rate', op: 'lte', value: 0.01 },
        ],
      },
    });
    expect(answer.status).toBe(201);
    expect(answer.body).toMatchObject({
      organization_id: TENANT,
      auto_promote: true,
      required_approvers: expect.any(Number),
      status: 'active',
    });
    expect(answer.headers.get('location')).toBe(`/api/v1/promotions/rules/${answer.body.id}`);
  });

  it('does not promote with a pass rate of 99, and explains which leaf failed', async () => {
    await recorded('dep-99', 'agent-99', 'development');
    await dev.put('/api/v1/deployments/dep-99/metrics', {
      tests: { pass_rate: 99 },
      metrics: { error_rate: 0.01 },
    });
    const check = (await dev.get('/api/v1/deployments/dep-99/auto-promotion')).body;
    expect(check.should_promote).toBe(false);
    expect(JSON.stringify(check.explanation)).toContain('"field":"tests.pass_rate"');
    expect(check.explanation.children).toMatchObject([
      { field: 'tests.pass_rate', actual: 99, met: false },
      { field: 'metrics.error_rate', actual: 0.01, met: true },
    ]);
    const list = await dev.get('/api/v1/promotions?agent_id=agent-99');
    expect(list.body.items).toEqual([]);
  });

  it('promotes dep-456 of agent-123 to staging by itself once its tests and metrics are in', async () => {
    await recorded('dep-456', 'agent-123', 'development');
    const intake = await dev.put('/api/v1/deployments/dep-456/metrics', {
      tests: { pass_rate: 100 },
      metrics: { error_rate: 0.01 },
    });
    expect(intake.status).toBe(200);
    const list = await until(
      async () =>
        (await dev.get('/api/v1/promotions?agent_id=agent-123&target_environment=staging')).body.items,
      (items) => items[0]?.status === 'completed',
    );
    expect(list).toHaveLength(1);
    expect(list[0]).toMatchObject({
      requires_approval: false,
      source_deployment_id: 'dep-456',
      target_gateway_id: 'gw-staging',
      approved_by: null,
    });
    const deployment = (await dev.get(`/api/v1/deployments/${list[0].target_deployment_id}`)).body;
    expect(deployment).toMatchObject({
      environment: 'staging',
      agent_id: 'agent-123',
      status: 'DEPLOYED',
      gateway_id: 'gw-staging',
    });
  });

  it('walks staging → production through approval, to a deployment on gw-789 that the history shows first', async () => {
    const staged = (await dev.get('/api/v1/promotions?agent_id=agent-123&target_environment=staging')).body
      .items[0].target_deployment_id;
    const created = await dev.post('/api/v1/promotions', toProduction('agent-123', staged));
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      status: 'pending',
      requires_approval: true,
      source_environment: 'staging',
      organization_id: TENANT,
    });
    const path = `/api/v1/promotions/${created.body.id}`;
    expect(created.headers.get('location')).toBe(path);

    const early = await dev.post(`${path}/execute`);
    expect(early).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    const own = await dev.post(`${path}/approve`);
    expect(own).toMatchObject({ status: 403, body: { code: 'separation_of_duties' } });
    expect((await statusOf(created.body.id)()).approvals).toEqual([]);

    const approved = await alice.post(`${path}/approve`);
    expect(approved).toMatchObject({
      status: 200,
      body: { status: 'approved', approved_by: '550e8400-e29b-41d4-a716-446655440002' },
    });
    const executed = await dev.post(`${path}/execute`);
    expect([200, 202]).toContain(executed.status);
    const done = await until(statusOf(created.body.id), is('completed'));
    expect(done.target_deployment_id).toEqual(expect.any(String));

    const deployment = (await dev.get(`/api/v1/deployments/${done.target_deployment_id}`)).body;
    expect(deployment).toMatchObject({ gateway_id: 'gw-789', environment: 'production', status: 'DEPLOYED' });
    const history = (await dev.get('/api/v1/platform/deployments/history?environment=production&kind=all'))
      .body;
    expect(history[0]).toMatchObject({
      id: done.target_deployment_id,
      environment: 'production',
      status: 'DEPLOYED',
    });
    const timeline = (await dev.get(`${path}/timeline`)).body.items.map(
      (event: { type: string }) => event.type,
    );
    expect(timeline).toEqual([
      'PromotionRequested',
      'PromotionAssessed',
      'ApprovalGranted',
      'PromotionApproved',
      'ExecutionRequested',
      'ExecutionStarted',
      'PromotionCompleted',
    ]);
  });

  it('wants two different people where a rule asks for two approvers', async () => {
    const rule = await admin.post('/api/v1/promotions/rules', {
      name: 'Two people for production',
      source_environment: 'staging',
      target_environment: 'production',
      requires_approval: true,
      auto_promote: false,
      required_approvers: 2,
    });
    await recorded('dep-two', 'agent-two', 'staging');
    const { body } = await dev.post('/api/v1/promotions', toProduction('agent-two', 'dep-two', 'prod'));
    const path = `/api/v1/promotions/${body.id}`;
    expect((await alice.post(`${path}/approve`)).body.status).toBe('pending');
    expect((await alice.post(`${path}/approve`)).body.status).toBe('pending');
    expect((await bob.post(`${path}/approve`, { comment: 'reviewed' })).body).toMatchObject({
      status: 'approved',
      target_environment: 'production',
    });
    expect((await admin.delete(`/api/v1/promotions/rules/${rule.body.id}?reason=over`)).status).toBe(204);
  });

  it('rejects with the reason given, and then nothing moves it', async () => {
    await recorded('dep-rej', 'agent-rej', 'staging');
    const { body } = await dev.post('/api/v1/promotions', toProduction('agent-rej', 'dep-rej'));
    const path = `/api/v1/promotions/${body.id}`;
    const rejected = await alice.post(`${path}/reject`, { reason: 'Tests not passing on staging' });
    expect(rejected).toMatchObject({
      status: 200,
      body: { status: 'rejected', rejection_reason: 'Tests not passing on staging' },
    });
    const before = await statusOf(body.id)();
    for (const verb of ['approve', 'execute'])
      expect((await bob.post(`${path}/${verb}`)).status, verb).toBe(409);
    expect((await bob.post(`${path}/reject`, { reason: 'again' })).status).toBe(409);
    expect(await statusOf(body.id)()).toEqual(before);
  });

  it('turns duration_hours gte 24 true at 24 h, and the evaluation every 5 minutes picks it up', async () => {
    await admin.post('/api/v1/promotions/rules', {
      name: 'A day in staging',
      source_environment: 'staging',
      target_environment: 'production',
      requires_approval: true,
      ...{ auto_promote: true, reason: 'by itself' },
      conditions: {
        all: [
          { field: 'tests.pass_rate', op: 'eq', value: 100 },
          { field: 'deployment.duration_hours', op: 'gte', value: 24 },
        ],
      },
    });
    await recorded('dep-day', 'agent-day', 'staging');
    await dev.put('/api/v1/deployments/dep-day/metrics', { tests: { pass_rate: 100 } });
    expect((await dev.get('/api/v1/deployments/dep-day/auto-promotion')).body.should_promote).toBe(false);
    await runtime.advanceClock(24 * 3_600_000);
    expect((await dev.get('/api/v1/deployments/dep-day/auto-promotion')).body.should_promote).toBe(true);
    await runtime.runSchedule('evaluate-rules');
    const list = await until(
      async () => (await dev.get('/api/v1/promotions?agent_id=agent-day')).body.items,
      (items) => items.length === 1,
    );
    expect(list[0]).toMatchObject({
      status: 'pending',
      requires_approval: true,
      target_environment: 'production',
    });
  });

  describe('refusals, each documented and writing nothing', () => {
    const good = toProduction('agent-ref', 'dep-ref');
    beforeAll(async () => {
      await recorded('dep-ref', 'agent-ref', 'staging');
      await recorded('dep-ref-dev', 'agent-ref', 'development');
      await recorded('dep-ref-failed', 'agent-ref', 'staging', { status: 'FAILED' });
      await recorded('dep-other', 'agent-other', 'staging');
    });

    it.each([
      ['a skipped stage', { ...good, source_deployment_id: 'dep-ref-dev' }, 409, 'missing_stages'],
      ['an unknown gateway', { ...good, target_gateway_id: 'gw-none' }, 404, 'unknown_gateway'],
      ['an unknown source', { ...good, source_deployment_id: 'dep-none' }, 404, 'not_found'],
      [
        'a source that is not deployed',
        { ...good, source_deployment_id: 'dep-ref-failed' },
        409,
        'source_not_deployed',
      ],
      ["another agent's source", { ...good, source_deployment_id: 'dep-other' }, 409, 'source_mismatch'],
      ['an unknown field', { ...good, colour: 'red' }, 400, 'invalid_request'],
      ['a 70 KB body', { ...good, agent_id: 'a'.repeat(70_000) }, 413, 'payload_too_large'],
    ])('%s', async (_, body, status, code) => {
      const answer = await dev.post('/api/v1/promotions', body);
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
      if (code === 'missing_stages') expect(answer.body.missing_stages).toEqual(['staging']);
      expect((await dev.get('/api/v1/promotions?agent_id=agent-ref')).body.items).toEqual([]);
    });

    it("hides a foreign tenant's promotion and refuses its name", async () => {
      const { body } = await dev.post('/api/v1/promotions', good);
      for (const [method, path] of [
        ['GET', ''],
        ['GET', '/timeline'],
        ['POST', '/approve'],
        ['POST', '/execute'],
        ['DELETE', ''],
      ] as const) {
        expect((await carol.send(method, `/api/v1/promotions/${body.id}${path}`)).status, path).toBe(404);
      }
      const posed = await carol.get('/api/v1/promotions', { 'x-tenant-id': TENANT });
      expect(posed).toMatchObject({ status: 403, body: { code: 'tenant_mismatch' } });
      expect((await carol.get('/api/v1/promotions')).body.items).toEqual([]);
    });
  });
});
