import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, createWorld, START, type World } from './api-world.ts';
import { furnish } from './furniture.ts';

const path = '/api/v1/environments/*';
const LOCK = { reason: 'incident', by: 'admin', at: START };
let world: World;
let promotion: string;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
const lock = () => admin('POST', `${path}/lock`, { reason: 'incident' });

beforeEach(async () => {
  world = await createWorld();
  promotion = (await furnish(world)).promotion;
  await world.as('alice')('POST', `/api/v1/promotions/${promotion}/approve`);
});

describe('the lock of everything', () => {
  it('is on every environment, once, also on one created later, and is lifted from all', async () => {
    expect(await lock()).toMatchObject({
      status: 200,
      body: { environment: '*', organization_id: ACME, lock: LOCK },
    });
    expect(await lock()).toMatchObject({ status: 423, body: { lock: LOCK } });
    await admin('POST', '/api/v1/environments', { name: 'later' });
    const { items } = (await admin('GET', '/api/v1/environments')).body;
    expect(items).toHaveLength(5);
    for (const item of items) expect(item).toMatchObject({ tenant_lock: LOCK, lock: null });
    expect(await admin('POST', `${path}/unlock`, { reason: 'over' })).toMatchObject({
      status: 200,
      body: { lock: null },
    });
    for (const item of (await admin('GET', '/api/v1/environments')).body.items) {
      expect(item).toMatchObject({ tenant_lock: null });
    }
    expect(await admin('POST', `${path}/unlock`, { reason: 'over' })).toMatchObject({ status: 200 });
  });

  it('refuses an execution with who, when and why, and leaves the lock of one environment standing', async () => {
    await admin('POST', '/api/v1/environments/production/lock', { reason: 'its own' });
    await lock();
    const execute = () => world.as('dev')('POST', `/api/v1/promotions/${promotion}/execute`);
    expect(await execute()).toMatchObject({ status: 423, body: { ...LOCK, scope: 'tenant' } });
    await admin('POST', `${path}/unlock`, { reason: 'over' });
    expect(await execute()).toMatchObject({ status: 423, body: { reason: 'its own', scope: 'environment' } });
    await admin('POST', '/api/v1/environments/production/unlock', { reason: 'over' });
    expect(await execute()).toMatchObject({ status: 202 });
  });

  it('stops what was asked for and has not begun', async () => {
    await world.as('dev')('POST', `/api/v1/promotions/${promotion}/execute`);
    await lock();
    await expect(world.run(promotion)).rejects.toThrow('locked');
  });

  it('is for admins of the whole tenant', async () => {
    expect(await world.as('dev')('POST', `${path}/lock`, { reason: 'r' })).toMatchObject({ status: 403 });
    expect(await world.as('alice')('POST', `${path}/unlock`, { reason: 'over' })).toMatchObject({
      status: 403,
    });
  });
});
