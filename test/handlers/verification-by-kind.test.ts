import { describe, expect, it } from 'vitest';
import { artifactWorld } from './artifacts-world.ts';
import { as, stateOf, world } from './evidence-world.ts';
import {
  eachVerified,
  head,
  minutes,
  PROMOTIONS,
  promoted,
  reports,
  STAGING,
  START,
  smoke,
  swept,
  verificationOf,
} from './verification-world.ts';

eachVerified();

describe('the setting of a verification', () => {
  it.each([
    [{ gate: 'smoke', within: 'PT30S' }],
    [{ gate: 'smoke', within: 'P31D' }],
    [{ gate: 'smoke', within: 'soon' }],
    [{ gate: 'smoke', within: 'PT1H', on_failure: 'maybe' }],
    [{ gate: 'smoke', within: 'PT1H', thresholds: { field: 'p95' } }],
  ])('refuses %j', async (verification) => {
    expect(await as('admin')('PATCH', STAGING, { verification, reason: 'test' })).toMatchObject({
      status: 400,
    });
  });

  it('of a protected environment names whom it believes', async () => {
    const production = '/api/v1/environments/production';
    const verification = { gate: 'smoke', within: 'PT1H' };
    expect(await as('admin')('PATCH', production, { verification, reason: 'test' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'verification.producers' }] },
    });
    const named = { verification: { ...verification, producers: ['dev'] }, reason: 'test' };
    expect(await as('admin')('PATCH', production, named)).toMatchObject({
      status: 200,
      body: { verification: { ...verification, on_failure: 'none', producers: ['dev'] } },
    });
  });
});

describe('configuration that failed its verification', () => {
  it('is reverted by itself, with the approval that rollbacks need there', async () => {
    await as('admin')('PATCH', STAGING, { rollback: { requires_approval: true }, reason: 'test' });
    world.at(START);
    const made: string[] = [];
    for (const value of ['120s', '180s']) {
      const entry = '/api/v1/config/environments/development/configs/query.timeout';
      expect((await as('dev')('PUT', entry, { value })).status).toBeLessThan(300);
      const asked = { promotionType: 'FULL', targetEnvironment: 'staging', execution: 'automatic' };
      const { body } = await as('dev')('POST', '/api/v1/config/promotions', asked);
      await world.run(body.id);
      made.push(body.id);
    }
    const path = `/api/v1/config/promotions/${made[1]}`;
    expect((await stateOf(path)).verification).toMatchObject({ status: 'pending', onFailure: 'rollback' });
    await as('dev')('POST', `${PROMOTIONS}/${made[1]}/evidence`, smoke(false));
    await swept();
    const { verification } = await stateOf(path);
    expect(verification).toMatchObject({ status: 'failed', rollback: { reasonCode: null } });
    const back = `/api/v1/config/promotions/${verification.rollback.promotionId}`;
    expect(await stateOf(back)).toMatchObject({ status: 'pending', waitingFor: 'approval' });
    expect((await as('alice')('POST', `${back}/approve`)).status).toBe(200);
    await world.run(verification.rollback.promotionId);
    const entries = '/api/v1/config/environments/staging/snapshot';
    expect((await stateOf(entries)).entries).toMatchObject([{ key: 'query.timeout', value: '120s' }]);
    expect((await stateOf(path)).status).toBe('rolled_back');
  });
});

describe('an agent whose rollback failed', () => {
  it('is rolled back when that is tried again, with the approval that rollbacks need there, and never promoted', async () => {
    await as('admin')('PATCH', STAGING, { rollback: { requires_approval: true }, reason: 'test' });
    world.at(START);
    await promoted(1);
    const before = (await head())?.digest;
    const { path } = await promoted(2);
    await reports(path, false);
    await swept();
    const back = `${PROMOTIONS}/${(await verificationOf(path)).rollback.promotion_id}`;
    await as('dev')('POST', `${back}/schedule`, { at: minutes(5), on_missed: 'fail' });
    world.at(minutes(10));
    expect((await as('alice')('POST', `${back}/approve`)).status).toBe(200);
    expect(await stateOf(back)).toMatchObject({ type: 'rollback', status: 'failed' });
    // Asked for as every rollback is: what calls an agent is not known, so its risk is accepted first.
    const unheeded = await as('dev')('POST', `${back}/retry`);
    expect(unheeded, JSON.stringify(unheeded.body)).toMatchObject({
      status: 409,
      body: { code: 'risk_not_acknowledged' },
    });
    const again = await as('dev')('POST', `${back}/retry`, { acknowledge_risk: true });
    expect(again, JSON.stringify(again.body)).toMatchObject({
      status: 201,
      body: { type: 'rollback', status: 'pending', waiting_for: 'approval' },
    });
    const own = `${PROMOTIONS}/${again.body.id}`;
    expect((await as('dev')('POST', `${own}/execute`)).status).toBe(409);
    expect((await as('alice')('POST', `${own}/approve`)).status).toBe(200);
    await world.run(again.body.id);
    expect((await head())?.digest).toBe(before);
    expect((await stateOf(path)).status).toBe('rolled_back');
    // What is taken back already is not taken back again.
    expect(await as('dev')('POST', `${back}/retry`, { acknowledge_risk: true })).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition' },
    });
  });
});

describe('an artifact that failed its verification', () => {
  const one = artifactWorld();

  it('goes back to the version before it', async () => {
    const admin = one.as('admin');
    await admin('PATCH', STAGING, {
      gates: [],
      verification: { gate: 'smoke', within: 'PT1H', on_failure: 'rollback' },
      reason: 'test',
    });
    one.world.at(START);
    const ids: string[] = [];
    for (const version of ['v1.2.2', 'v1.2.3']) {
      await one.published(version);
      const made = await one.as('dev')('POST', PROMOTIONS, { version, target_environment: 'staging' });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      await one.world.run(made.body.id);
      ids.push(made.body.id);
    }
    const path = `${PROMOTIONS}/${ids[1]}`;
    await one.as('dev')('POST', `${path}/evidence`, smoke(false));
    await swept(one.world.deps);
    const { verification } = (await one.as('dev')('GET', path)).body;
    await one.world.run(verification.rollback.promotion_id);
    const back = (await one.as('dev')('GET', `${PROMOTIONS}/${verification.rollback.promotion_id}`)).body;
    expect(back).toMatchObject({ status: 'completed', type: 'rollback', artifact_version: 'v1.2.2' });
    expect((await one.as('dev')('GET', path)).body.status).toBe('rolled_back');
  });
});
