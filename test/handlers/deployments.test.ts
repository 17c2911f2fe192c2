import { beforeEach, describe, expect, it } from 'vitest';
import { T0, TENANT } from '../use-cases/deployments/world.ts';
import { deploymentsWorld, dev, recorder } from './deployments-world.ts';
import type { Signer } from './event.ts';

let world: Awaited<ReturnType<typeof deploymentsWorld>>;
const call: typeof world.call = (...given) => world.call(...given);

beforeEach(async () => {
  world = await deploymentsWorld();
});

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
      resumed_at: null,
      failed_at: null,
      ended_at: null,
      tests: {},
      metrics: {},
      notes: 'first',
      commits: null,
      unplanned: null,
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
