import { beforeEach, describe, expect, it } from 'vitest';
import { memoryStore } from '../../functions/adapters/memory/store.ts';
import type { Grant, Role } from '../../functions/domain/identity/principal.ts';
import { deploymentRoutes } from '../../functions/handlers/http/deployment-routes.ts';
import { httpHandler } from '../../functions/handlers/http/stack.ts';
import { createWorld, T0, TENANT, type World } from '../use-cases/deployments/world.ts';
import { CONTEXT, httpEvent, type Signer, type TestCall } from './event.ts';
import { testLog } from './log.ts';

const GLOBEX = 'globex';
const dev: Signer = { sub: 'dev' };
const recorder: Signer = { account: '123456789012', role: 'ci', unique: 'AROACI' };
let world: World;
let log: ReturnType<typeof testLog>;
let handler: ReturnType<typeof httpHandler>;

async function member(tenant: string, subject: string, grants: readonly Grant[]): Promise<void> {
  const item = { tenant, subject, user_id: subject, email: `${subject}@${tenant}.com`, groups: [], grants };
  const stamps = { status: 'active', version: 1, created_at: T0, updated_at: T0 } as const;
  const result = await world.deps.transactions.commit(tenant, [
    { write: 'membership', membership: { ...item, ...stamps }, expected: 0 },
  ]);
  expect(result.committed).toBe(true);
}

const roles = (...all: readonly Role[]): readonly Grant[] => all.map((role) => ({ role }));

beforeEach(async () => {
  world = await createWorld((now) => memoryStore(now));
  log = testLog();
  handler = httpHandler(deploymentRoutes, () => world.deps, log);
  await member(TENANT, 'dev', roles('developer', 'promoter'));
  await member(TENANT, 'eve', roles('approver'));
  await member(GLOBEX, 'carol', roles('admin', 'developer', 'recorder'));
  await world.commit({
    write: 'machine',
    machine: {
      id: 'mach-ci',
      tenant: TENANT,
      account: '123456789012',
      role: 'ci',
      unique_id: 'AROACI',
      name: 'CI',
      owner: 'dev',
      grants: roles('recorder'),
      groups: [],
      version: 1,
      created_at: T0,
      updated_at: T0,
    },
    expected: 0,
  });
});

// biome-ignore lint/suspicious/noExplicitAny: tests read what they expect of a wire answer and fail on anything else.
type Answer = { status: number; headers: Record<string, unknown>; body: any };

async function call(
  method: string,
  path: string,
  body?: unknown,
  signer: Signer = dev,
  headers: TestCall['headers'] = {},
): Promise<Answer> {
  const given = body === undefined ? {} : { body };
  const result = await handler(httpEvent({ method, path, signer, headers, ...given }), CONTEXT);
  const text = result.body ?? '';
  return {
    status: result.statusCode ?? 0,
    headers: result.headers ?? {},
    body: text === '' ? null : JSON.parse(text),
  };
}

describe('an agent’s deployment', () => {
  const given = { id: 'dep-456', agent_id: 'agent-123', gateway_id: 'gw-dev', environment: 'development' };

  it('is recorded and can be read again, with every field of its view', async () => {
    const recorded = await call('POST', '/api/v1/deployments', {
      ...given,
      version: '1.2.0',
      notes: 'first',
    });
    expect(recorded).toMatchObject({ status: 201, headers: { location: '/api/v1/deployments/dep-456' } });
    expect(recorded.body).toEqual({
      id: 'dep-456',
      organization_id: TENANT,
      kind: 'agent',
      agent_id: 'agent-123',
      gateway_id: 'gw-dev',
      environment: 'development',
      version: '1.2.0',
      content_digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      status: 'DEPLOYED',
      deployed_at: T0,
      completed_at: T0,
      live_at: T0,
      tests: {},
      metrics: {},
      notes: 'first',
      recorded: true,
      recorded_by: 'dev',
      promotion_id: null,
      failure: null,
      created_at: T0,
    });
    const read = await call('GET', '/api/v1/deployments/dep-456');
    expect(read).toMatchObject({ status: 200, body: recorded.body });
    const again = await call('POST', '/api/v1/deployments', { ...given, version: '1.2.0' });
    expect(again).toMatchObject({ status: 201, body: recorded.body });
    const other = await call('POST', '/api/v1/deployments', { ...given, version: '1.3.0' });
    expect(other).toMatchObject({ status: 409, body: { code: 'conflict', id: 'dep-456' } });
  });

  it('is recorded once per Idempotency-Key, with an id of ours', async () => {
    const { id: _, ...anonymous } = given;
    const key = { 'idempotency-key': 'once' };
    const first = await call('POST', '/api/v1/deployments', anonymous, dev, key);
    const second = await call('POST', '/api/v1/deployments', anonymous, dev, key);
    expect(second.body).toEqual(first.body);
    expect(second.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    const changed = await call('POST', '/api/v1/deployments', { ...anonymous, version: '9' }, dev, key);
    expect(changed).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    expect((await call('GET', '/api/v1/deployments?agent_id=agent-123')).body.items).toHaveLength(1);
  });

  it('is listed by agent and environment, page by page', async () => {
    for (const id of ['dep-1', 'dep-2', 'dep-3']) {
      world.advance('PT1S');
      await call('POST', '/api/v1/deployments', { ...given, id });
    }
    const first = await call('GET', '/api/v1/deployments?environment=dev&limit=2');
    expect(first.body.items.map((item: { id: string }) => item.id)).toEqual(['dep-3', 'dep-2']);
    const cursor = encodeURIComponent(first.body.next_cursor);
    const rest = await call('GET', `/api/v1/deployments?environment=dev&limit=2&cursor=${cursor}`);
    expect(rest.body).toMatchObject({ items: [{ id: 'dep-1' }], next_cursor: null });
    const elsewhere = await call('GET', `/api/v1/deployments?environment=stg&limit=2&cursor=${cursor}`);
    expect(elsewhere).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await call('GET', '/api/v1/deployments')).toMatchObject({ status: 400 });
  });

  it.each([
    ['no agent', { ...given, agent_id: undefined }, 'agent_id'],
    ['an agent that is no id', { ...given, agent_id: 'a#b' }, 'agent_id'],
    ['an unknown field', { ...given, colour: 'red' }, 'colour'],
    ['a status that is none', { ...given, status: 'LIVE' }, 'status'],
    ['a digest that is none', { ...given, content_digest: 'sha256:1' }, 'content_digest'],
    ['a time that is none', { ...given, live_at: 'yesterday' }, 'live_at'],
    ['a day that is none', { ...given, live_at: '2026-02-30T00:00:00Z' }, 'live_at'],
    ['a time in the future', { ...given, live_at: '2027-01-01T00:00:00Z' }, 'live_at'],
    ['a long version', { ...given, version: 'v'.repeat(201) }, 'version'],
  ])('is refused with %s, naming the field', async (_, body, field) => {
    const answer = await call('POST', '/api/v1/deployments', body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(JSON.stringify(answer.body)).toContain(field);
    expect((await call('GET', '/api/v1/deployments/dep-456')).status).toBe(404);
  });

  it('takes an instant with any offset', async () => {
    const body = { ...given, deployed_at: '2026-03-01T09:30:00+01:00' };
    expect((await call('POST', '/api/v1/deployments', body)).body.deployed_at).toBe(
      '2026-03-01T08:30:00.000Z',
    );
  });

  it('answers each refusal with its status', async () => {
    const post = (body: object, signer: Signer = dev) => call('POST', '/api/v1/deployments', body, signer);
    expect(await post({ ...given, environment: 'qa' })).toMatchObject({
      status: 404,
      body: { code: 'unknown_environment' },
    });
    expect(await post(given, { sub: 'eve' })).toMatchObject({
      status: 403,
      body: { code: 'not_authorized' },
    });
    expect(await post({ ...given, id: 'current' })).toMatchObject({
      status: 400,
      body: { code: 'reserved_name' },
    });
    await post({ ...given, id: 'dep-1', environment: 'prod' });
    expect(await post({ ...given, id: 'dep-2', environment: 'prod' })).toMatchObject({
      status: 409,
      body: { code: 'protected' },
    });
    expect(await post({ ...given, id: 'dep-2', environment: 'prod' }, recorder)).toMatchObject({
      status: 201,
    });
  });
});

describe('metrics and the check', () => {
  beforeEach(async () => {
    await world.gateway('gw-staging', 'staging');
    await world.rule('rule-1', 'development', 'staging', {
      name: 'Auto-promote to Staging',
      conditions: {
        all: [
          { field: 'tests.pass_rate', op: 'gte', value: 100 },
          { field: 'metrics.error_rate', op: 'lte', value: 0.01 },
        ],
      },
    });
    await call('POST', '/api/v1/deployments', {
      id: 'dep-456',
      agent_id: 'agent-123',
      environment: 'development',
    });
  });
  const put = (body: unknown, signer: Signer = dev) =>
    call('PUT', '/api/v1/deployments/dep-456/metrics', body, signer);
  const check = async () => (await call('GET', '/api/v1/deployments/dep-456/auto-promotion')).body;

  it('explain which leaf fails, and then that the rule would promote', async () => {
    expect(await check()).toMatchObject({ should_promote: false, reason: 'conditions_not_met' });
    await put({ tests: { pass_rate: 99 }, metrics: { error_rate: 0.01 } });
    expect(await check()).toMatchObject({
      should_promote: false,
      rule_id: 'rule-1',
      explanation: {
        met: false,
        op: 'all',
        children: [
          { field: 'tests.pass_rate', expected: 100, actual: 99, met: false },
          { field: 'metrics.error_rate', actual: 0.01, met: true },
        ],
      },
    });
    const measured = await put({ tests: { pass_rate: 100 } });
    expect(measured).toMatchObject({
      status: 200,
      body: { tests: { pass_rate: 100 }, metrics: { error_rate: 0.01 } },
    });
    expect(await check()).toMatchObject({
      should_promote: true,
      rule_id: 'rule-1',
      reason: 'conditions_met',
      explanation: { met: true },
      rules: [{ rule_id: 'rule-1', target_environment: 'staging', target_gateway_id: 'gw-staging' }],
    });
  });

  it.each([
    ['nothing', {}],
    ['a group that is none', { deployment: { duration_hours: 99 } }],
    ['a nested value', { tests: { pass_rate: { is: 100 } } }],
    ['a null', { tests: { pass_rate: null } }],
    ['a name with a dot', { tests: { 'pass.rate': 100 } }],
    ['a prototype', JSON.parse('{"tests":{"__proto__":1}}')],
    ['a list', []],
    ['a text', '"x"'],
  ])('are refused as %s', async (_, body) => {
    expect(await put(body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect((await call('GET', '/api/v1/deployments/dep-456')).body).toMatchObject({ tests: {}, metrics: {} });
  });

  it('say so when no rule applies', async () => {
    await call('POST', '/api/v1/deployments', { id: 'dep-s', agent_id: 'agent-123', environment: 'staging' });
    expect((await call('GET', '/api/v1/deployments/dep-s/auto-promotion')).body).toEqual({
      should_promote: false,
      rule_id: null,
      reason: 'no_rule',
      detail: expect.any(String),
      explanation: null,
      rules: [],
    });
  });
});

describe('a platform deployment', () => {
  const given = {
    imageTag: 'v2.1.0-abc1234',
    gitCommit: 'abc1234',
    gitBranch: 'feature/rolling',
    environment: 'dev',
    status: 'DEPLOYED',
    deployedAt: '2026-02-12T10:00:00Z',
    completedAt: '2026-02-12T10:05:00Z',
    acrRegistry: 'matih.azurecr.io',
    helmChartVersion: '1.4.0',
    initiatedBy: 'github-actions',
    serviceVersions: { 'ai-service': '2.1.0' },
    notes: 'rolling',
  };
  const post = (body: object, signer: Signer = recorder) =>
    call('POST', '/api/v1/platform/deployments', body, signer);

  it('is recorded as the pipeline tells it, and answers the environment as it was given', async () => {
    const recorded = await post({ ...given, id: 'uuid-1' });
    expect(recorded).toMatchObject({
      status: 201,
      headers: { location: '/api/v1/platform/deployments/uuid-1' },
      body: {
        ...given,
        id: 'uuid-1',
        deployedAt: '2026-02-12T10:00:00.000Z',
        completedAt: '2026-02-12T10:05:00.000Z',
        liveAt: T0,
        kind: 'artifact',
        agentId: null,
      },
    });
    expect((await call('GET', '/api/v1/platform/deployments/uuid-1')).body).toEqual(recorded.body);
    expect((await call('GET', '/api/v1/deployments/uuid-1')).body).toMatchObject({
      environment: 'development',
      agent_id: null,
      version: 'v2.1.0-abc1234',
    });
  });

  it('has the history of the document: a plain array, newest first, and a current one', async () => {
    await post({ ...given, id: 'uuid-1' });
    const older = { imageTag: 'v2.0.0-def5678', gitCommit: 'def5678', gitBranch: 'main', environment: 'dev' };
    const times = { deployedAt: '2026-02-11T14:00:00Z', completedAt: '2026-02-11T14:08:00Z' };
    await post({ ...older, ...times, id: 'uuid-2', status: 'ROLLED_BACK' });
    const history = await call('GET', '/api/v1/platform/deployments/history?environment=dev&limit=10');
    expect(history.body).toMatchObject([
      { id: 'uuid-1', imageTag: 'v2.1.0-abc1234', environment: 'dev', status: 'DEPLOYED' },
      { id: 'uuid-2', imageTag: 'v2.0.0-def5678', environment: 'dev', status: 'ROLLED_BACK' },
    ]);
    const named = await call('GET', '/api/v1/platform/deployments/history?environment=development&limit=1');
    expect(named.body).toMatchObject([{ id: 'uuid-1', environment: 'development' }]);
    const current = await call('GET', '/api/v1/platform/deployments/current?environment=dev');
    expect(current.body).toMatchObject({ id: 'uuid-1', environment: 'dev' });
    const none = await call('GET', '/api/v1/platform/deployments/current?environment=prod');
    expect(none).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await call('GET', '/api/v1/platform/deployments/history')).status).toBe(400);
    expect((await call('GET', '/api/v1/platform/deployments/history?environment=dev&limit=0')).status).toBe(
      400,
    );
    expect((await call('GET', '/api/v1/platform/deployments/history?environment=qa')).status).toBe(404);
  });

  it('goes from PENDING to its outcome, and may be rolled back', async () => {
    const patch = (body: object, signer: Signer = recorder) =>
      call('PATCH', '/api/v1/platform/deployments/uuid-1', body, signer);
    const { completedAt: _, ...pending } = given;
    await post({ ...pending, id: 'uuid-1', status: 'PENDING' });
    const current = '/api/v1/platform/deployments/current?environment=dev';
    expect((await call('GET', current)).status).toBe(404);
    expect(await patch({ status: 'ROLLED_BACK' })).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
    expect(await patch({ status: 'DEPLOYED', notes: 'done' })).toMatchObject({
      status: 200,
      body: { status: 'DEPLOYED', liveAt: T0, completedAt: T0, notes: 'done', environment: 'dev' },
    });
    expect((await call('GET', current)).body.id).toBe('uuid-1');
    expect(await patch({ status: 'DEPLOYED' })).toMatchObject({ status: 200 });
    expect(await patch({ status: 'FAILED' })).toMatchObject({ status: 409 });
    expect(await patch({ status: 'ROLLED_BACK' })).toMatchObject({ body: { status: 'ROLLED_BACK' } });
    expect(await patch({})).toMatchObject({ status: 400 });
    expect(await patch({ status: 'DEPLOYED' }, { sub: 'eve' })).toMatchObject({ status: 403 });
  });
});

describe('another tenant', () => {
  it('cannot read, report or measure, and learns nothing', async () => {
    await call('POST', '/api/v1/deployments', {
      id: 'dep-456',
      agent_id: 'agent-123',
      environment: 'development',
    });
    const carol: Signer = { sub: 'carol' };
    for (const id of ['dep-456', 'dep-none', '%23', 'a%2Fb', '..']) {
      for (const [method, path, body] of [
        ['GET', `/api/v1/deployments/${id}`, undefined],
        ['PUT', `/api/v1/deployments/${id}/metrics`, { tests: { pass_rate: 1 } }],
        ['GET', `/api/v1/deployments/${id}/auto-promotion`, undefined],
        ['GET', `/api/v1/platform/deployments/${id}`, undefined],
        ['PATCH', `/api/v1/platform/deployments/${id}`, { status: 'FAILED' }],
      ] as const) {
        const answer = await call(method, path, body, carol);
        expect(answer, `${method} ${path}`).toMatchObject({ status: 404, body: { code: 'not_found' } });
      }
    }
    expect(
      (await call('GET', '/api/v1/deployments?agent_id=agent-123', undefined, carol)).body.items,
    ).toEqual([]);
    expect((await call('GET', '/api/v1/deployments/dep-456')).body).toMatchObject({ tests: {} });
  });
});
