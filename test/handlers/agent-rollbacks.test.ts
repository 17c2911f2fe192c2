import { beforeEach, describe, expect, it } from 'vitest';
import { everythingIn } from '../support/replayed-stores.ts';
import { as, freshWorld, stateOf, world } from './evidence-world.ts';

const PROMOTIONS = '/api/v1/promotions';
const head = () =>
  world.deps.heads.read('acme', {
    subject: { kind: 'agent', name: 'agent-1' },
    environment: 'staging',
    gateway: 'gw-1',
  });

beforeEach(async () => {
  await freshWorld();
  await as('admin')('PATCH', '/api/v1/environments/staging', { gates: [], reason: 'test' });
  await as('admin')('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'staging' });
  // What was weakened in the very moment of a request holds the request.
  world.at('2026-11-21T10:00:00.000Z');
});

/** A promotion of the agent to staging, executed. */
async function promoted(number: number): Promise<{ readonly id: string; readonly path: string }> {
  const deployment = { id: `dep-${number}`, agent_id: 'agent-1', environment: 'development' };
  const recorded = await as('dev')('POST', '/api/v1/deployments', { ...deployment, gateway_id: 'gw-dev' });
  expect(recorded.status, JSON.stringify(recorded.body)).toBe(201);
  const made = await as('dev')('POST', PROMOTIONS, {
    agent_id: 'agent-1',
    source_deployment_id: deployment.id,
    target_gateway_id: 'gw-1',
    target_environment: 'staging',
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  await world.run(made.body.id);
  return { id: made.body.id, path: `${PROMOTIONS}/${made.body.id}` };
}

const back = { reason: 'errors rise', acknowledge_risk: true };

describe('a rollback of an agent', () => {
  it('goes back to what ran on the gateway: a new revision, and the promotion is rolled back', async () => {
    await promoted(1);
    const before = await head();
    const { path } = await promoted(2);
    const made = await as('dev')('POST', `${path}/rollback`, back);
    expect(made, JSON.stringify(made.body)).toMatchObject({
      status: 201,
      body: { type: 'rollback', kind: 'agent', target_gateway_id: 'gw-1' },
    });
    await world.run(made.body.id);
    expect((await stateOf(`${PROMOTIONS}/${made.body.id}`)).status).toBe('completed');
    expect(await head()).toMatchObject({ digest: before?.digest, revision: 3 });
    expect((await stateOf(path)).status).toBe('rolled_back');
  });

  it('is RISKY and needs an acknowledgement, since nobody declares what calls an agent', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    const refused = await as('dev')('POST', `${path}/rollback`, { reason: 'errors rise' });
    expect(refused, JSON.stringify(refused.body)).toMatchObject({
      status: 409,
      body: { code: 'risk_not_acknowledged', recommendation: 'RISKY' },
    });
    expect(refused.body.reason_codes).toContain('consumers_unknown');
    expect((await head())?.revision).toBe(2);
  });

  it('shows its impact on a dry run, and changes nothing', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    const before = everythingIn(world.deps);
    const tried = await as('dev')('POST', `${path}/rollback?dry_run=true`, { reason: 'errors rise' });
    expect(tried, JSON.stringify(tried.body)).toMatchObject({
      status: 200,
      body: {
        impact: {
          recommendation: 'RISKY',
          affected_consumers: null,
          later_promotions_undone: [],
          estimated_downtime_seconds: { median: expect.any(Number), p90: expect.any(Number) },
        },
      },
    });
    expect(tried.body.impact.policy_compatibility).not.toEqual([]);
    expect(everythingIn(world.deps)).toBe(before);
  });

  it('restores over later promotions and names them, and does not revert what was replaced', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    const later = await promoted(3);
    const reverted = await as('dev')('POST', `${path}/rollback`, { ...back, mode: 'revert' });
    expect(reverted).toMatchObject({ status: 409, body: { code: 'invalid_transition' } });
    const made = await as('dev')('POST', `${path}/rollback`, back);
    expect(made.body.impact.later_promotions_undone).toEqual([later.id]);
    await world.run(made.body.id);
    expect((await stateOf(later.path)).status).toBe('rolled_back');
    expect((await stateOf(path)).status).toBe('rolled_back');
  });

  it('is BLOCKED where nothing ran before', async () => {
    const { path } = await promoted(1);
    const tried = await as('dev')('POST', `${path}/rollback?dry_run=true`, back);
    expect(tried.body).toMatchObject({
      would_be: null,
      impact: { recommendation: 'BLOCKED', reason_codes: ['nothing_to_promote'] },
    });
    const refused = await as('dev')('POST', `${path}/rollback`, back);
    expect(refused.body).toMatchObject({ code: 'nothing_to_promote' });
  });

  it('is one of two at once: the other one is told which', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    const both = await Promise.all([1, 2].map(() => as('dev')('POST', `${path}/rollback`, back)));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const made = both.find(({ status }) => status === 201);
    const other = both.find(({ status }) => status === 409);
    expect(other?.body).toMatchObject({ code: 'already_open', promotion_id: made?.body.id });
  });

  it('stands beside a promotion of the same content that waits', async () => {
    const content_digest = `sha256:${'a'.repeat(64)}`;
    const record = (id: string, digest?: string) =>
      as('dev')('POST', '/api/v1/deployments', {
        ...{ id, agent_id: 'agent-1', environment: 'development', gateway_id: 'gw-dev' },
        ...(digest === undefined ? {} : { content_digest: digest }),
      });
    const ask = (id: string) =>
      as('dev')('POST', PROMOTIONS, {
        ...{ agent_id: 'agent-1', source_deployment_id: id, target_gateway_id: 'gw-1' },
        ...{ target_environment: 'staging', execution: 'manual' },
      });
    const live = async (id: string, digest?: string) => {
      expect((await record(id, digest)).status).toBe(201);
      const made = await ask(id);
      expect((await as('dev')('POST', `${PROMOTIONS}/${made.body.id}/execute`)).status).toBe(202);
      await world.run(made.body.id);
      return `${PROMOTIONS}/${made.body.id}`;
    };
    await live('good', content_digest);
    const bad = await live('bad');
    expect((await record('good-again', content_digest)).status).toBe(201);
    const waiting = await ask('good-again');
    expect(waiting, JSON.stringify(waiting.body)).toMatchObject({ status: 201 });
    const made = await as('dev')('POST', `${bad}/rollback`, back);
    expect(made, JSON.stringify(made.body)).toMatchObject({ status: 201, body: { type: 'rollback' } });
    await world.run(made.body.id);
    expect((await head())?.digest).toBe(content_digest);
  });

  it('is refused during a lock', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    await as('admin')('POST', '/api/v1/environments/staging/lock', { reason: 'incident' });
    const refused = await as('dev')('POST', `${path}/rollback`, back);
    expect(refused.body, JSON.stringify(refused.body)).toMatchObject({ code: 'locked' });
    expect((await head())?.revision).toBe(2);
  });

  it('is nobody’s of another tenant, nor a viewer’s', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    expect((await as('carol')('POST', `${path}/rollback`, back)).status).toBe(404);
    expect((await as('viewer')('POST', `${path}/rollback`, back)).status).toBe(403);
  });
});

describe('a rollback of an agent that is asked for twice with one Idempotency-Key', () => {
  it('is one rollback, answered the same, also after a later promotion', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    const keyed = (body: object) =>
      as('dev')('POST', `${path}/rollback`, body, { 'idempotency-key': 'back-0001' });
    const first = await keyed(back);
    const before = everythingIn(world.deps);
    const second = await keyed(back);
    expect(first.status, JSON.stringify(first.body)).toBe(201);
    expect(second).toMatchObject({ status: 201, body: first.body });
    expect(everythingIn(world.deps)).toBe(before);
    expect(await keyed({ ...back, to_revision: 1 })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
  });
});

describe('a rollback of an agent to a revision by its number', () => {
  const to = (to_revision: number) => ({ ...back, to_revision });

  it('goes back over every later promotion, as a new revision', async () => {
    const first = await promoted(1);
    const was = (await head())?.digest;
    const [second, third] = [await promoted(2), await promoted(3)];
    const made = await as('dev')('POST', `${third.path}/rollback`, to(1));
    expect(made, JSON.stringify(made.body)).toMatchObject({
      status: 201,
      body: {
        impact: { from_revision: 3, to_revision: 1, later_promotions_undone: [second.id] },
      },
    });
    await world.run(made.body.id);
    expect(await head()).toMatchObject({ digest: was, revision: 4 });
    const now = await Promise.all(
      [first, second, third].map(async ({ path }) => (await stateOf(path)).status),
    );
    expect(now).toEqual(['completed', 'rolled_back', 'rolled_back']);
  });

  it('goes forward again to what was taken back, by any promotion that ran there', async () => {
    await promoted(1);
    const second = await promoted(2);
    const newer = (await head())?.digest;
    await world.run((await as('dev')('POST', `${second.path}/rollback`, back)).body.id);
    const again = await as('dev')('POST', `${second.path}/rollback`, to(2));
    expect(again, JSON.stringify(again.body)).toMatchObject({ status: 201 });
    await world.run(again.body.id);
    expect(await head()).toMatchObject({ digest: newer, revision: 4 });
  });

  it('that the gateway never had is refused with those that it had, newest first', async () => {
    await promoted(1);
    await promoted(2);
    const { path } = await promoted(3);
    const refused = await as('dev')('POST', `${path}/rollback`, to(9));
    expect(refused.body, JSON.stringify(refused.body)).toMatchObject({
      code: 'source_not_deployed',
      available: [2, 1],
      field: 'to_revision',
      recommendation: 'BLOCKED',
    });
    const active = await as('dev')('POST', `${path}/rollback?dry_run=true`, to(3));
    expect(active.body).toMatchObject({ would_be: null, impact: { reason_codes: ['already_there'] } });
    expect(active.body.impact.revisions.map(({ number }: { number: number }) => number)).toEqual([2, 1]);
    const reverted = await as('dev')('POST', `${path}/rollback`, { ...to(1), mode: 'revert' });
    expect(reverted.body).toMatchObject({ code: 'invalid_transition' });
    expect(await as('dev')('POST', `${path}/rollback`, to(0))).toMatchObject({ status: 400 });
  });

  it('is tried without a byte written, is one of two at once, and nobody’s without the role or during a lock', async () => {
    await promoted(1);
    const { path } = await promoted(2);
    const before = everythingIn(world.deps);
    const tried = await as('dev')('POST', `${path}/rollback?dry_run=true`, to(1));
    expect(tried.body.impact).toMatchObject({
      recommendation: 'RISKY',
      revisions: [{ number: 1, version: null }],
    });
    expect(everythingIn(world.deps)).toBe(before);
    expect((await as('carol')('POST', `${path}/rollback`, to(1))).status).toBe(404);
    expect((await as('viewer')('POST', `${path}/rollback`, to(1))).status).toBe(403);
    const both = await Promise.all([1, 2].map(() => as('dev')('POST', `${path}/rollback`, to(1))));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    await world.run(both.find(({ status }) => status === 201)?.body.id);
    await as('admin')('POST', '/api/v1/environments/staging/lock', { reason: 'incident' });
    expect((await as('dev')('POST', `${path}/rollback`, to(2))).body).toMatchObject({ code: 'locked' });
  });

  it('is tried again where it failed, to the same revision, taking the same back', async () => {
    await promoted(1);
    const was = (await head())?.digest;
    const second = await promoted(2);
    const made = await as('dev')('POST', `${second.path}/rollback`, to(1));
    await as('admin')('PATCH', '/api/v1/gateways/gw-1', { status: 'inactive' });
    await world.run(made.body.id).catch(() => undefined);
    await as('admin')('PATCH', '/api/v1/gateways/gw-1', { status: 'active' });
    const state = await stateOf(`${PROMOTIONS}/${made.body.id}`);
    expect(state.status, JSON.stringify(state.failure ?? state.blocked_by)).toBe('failed');
    const again = await as('dev')('POST', `${PROMOTIONS}/${made.body.id}/retry`, { acknowledge_risk: true });
    expect(again, JSON.stringify(again.body)).toMatchObject({ status: 201, body: { type: 'rollback' } });
    await world.run(again.body.id);
    expect((await head())?.digest).toBe(was);
    expect((await stateOf(second.path)).status).toBe('rolled_back');
  });
});
