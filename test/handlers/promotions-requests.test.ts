import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, START } from './api-world.ts';
import { dev, path, recorded, requested, stagedWorld, toProduction } from './promotions-world.ts';

beforeEach(stagedWorld);

describe('requesting a promotion', () => {
  it('answers the sixteen fields of the document, and what it waits for', async () => {
    const made = await dev('POST', path, toProduction);
    expect(made).toMatchObject({ status: 201, headers: { location: `${path}/prom-0001` } });
    expect(made.body).toMatchObject({
      id: 'prom-0001',
      organization_id: ACME,
      agent_id: 'agent-123',
      source_deployment_id: 'dep-456',
      target_gateway_id: 'gw-789',
      source_environment: 'staging',
      target_environment: 'production',
      status: 'pending',
      requires_approval: true,
      approved_by: null,
      approved_at: null,
      rejection_reason: null,
      target_deployment_id: null,
      created_by: 'dev',
      created_at: START,
      completed_at: null,
      kind: 'agent',
      type: 'promotion',
      subject: { kind: 'agent', name: 'agent-123' },
      waiting_for: 'approval',
      approvals: [],
      gates: [{ name: 'policy_compliance', status: 'PASSED' }],
      blocked_by: [],
      execution: 'manual',
      failure: null,
    });
    expect(await dev('GET', `${path}/prom-0001`)).toMatchObject({ status: 200, body: made.body });
  });

  it('only says what would be on a dry run', async () => {
    const dry = await dev('POST', `${path}?dry_run=true`, toProduction);
    expect(dry).toMatchObject({ status: 200, body: { would_be: 'pending', requires_approval: true } });
    expect((await dev('GET', path)).body.items).toEqual([]);
    expect(await dev('GET', `${path}/${dry.body.id}`)).toMatchObject({ status: 404 });
    expect(await dev('POST', `${path}?dry_run=maybe`, toProduction)).toMatchObject({ status: 400 });
  });

  it.each([
    ['an unknown environment', { target_environment: 'moon' }, 404, 'unknown_environment'],
    ['an unknown gateway', { target_gateway_id: 'gw-none' }, 404, 'unknown_gateway'],
    ['an unknown source', { source_deployment_id: 'dep-none' }, 404, 'not_found'],
    ["another agent's source", { agent_id: 'agent-9' }, 409, 'source_mismatch'],
    ['an unknown field', { colour: 'red' }, 400, 'invalid_request'],
    ['an id that is none', { agent_id: 'a b' }, 400, 'invalid_request'],
    ['a wrong type', { agent_id: 7 }, 400, 'invalid_request'],
    ['70 KB', { agent_id: 'a'.repeat(70_000) }, 413, 'payload_too_large'],
  ])('refuses %s and writes nothing', async (_, change, status, code) => {
    expect(await dev('POST', path, { ...toProduction, ...change })).toMatchObject({ status, body: { code } });
    expect((await dev('GET', path)).body.items).toEqual([]);
  });

  it('refuses a skipped stage and names it', async () => {
    await recorded('dep-dev', 'development', 'agent-123');
    const skip = await dev('POST', path, { ...toProduction, source_deployment_id: 'dep-dev' });
    expect(skip).toMatchObject({
      status: 409,
      body: { code: 'missing_stages', missing_stages: ['staging'] },
    });
  });

  it('refuses a second open one of the same, and names the first', async () => {
    const id = await requested();
    expect(await dev('POST', path, toProduction)).toMatchObject({
      status: 409,
      body: { code: 'already_open', promotion_id: id },
    });
    const newer = await requested({ supersede: true });
    expect(await dev('GET', `${path}/${id}`)).toMatchObject({ body: { status: 'cancelled' } });
    expect(newer).not.toBe(id);
  });

  it('is one under one Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const [one, two] = await Promise.all([
      dev('POST', path, toProduction, key),
      dev('POST', path, toProduction, key),
    ]);
    expect(one.status).toBe(201);
    expect(two).toMatchObject({ status: 201, body: { id: one.body.id } });
    expect((await dev('GET', path)).body.items).toHaveLength(1);
    expect(await dev('POST', `${path}?dry_run=true`, toProduction, key)).toMatchObject({ status: 422 });
  });
});
