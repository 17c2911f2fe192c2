import { beforeEach, describe, expect, it } from 'vitest';
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
    const before = JSON.stringify([await head(), (await as('dev')('GET', PROMOTIONS)).body]);
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
    expect(JSON.stringify([await head(), (await as('dev')('GET', PROMOTIONS)).body])).toBe(before);
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
