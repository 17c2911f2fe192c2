import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from '../api-world.ts';
import { entry } from './promotion-stage.ts';
import { PRODUCTION, STAGING } from './world.ts';

let world: World;
const admin = (...call: Parameters<ReturnType<World['as']>>) => world.as('admin')(...call);
beforeEach(async () => {
  world = await createWorld();
  for (const environment of [STAGING, PRODUCTION])
    await admin('PUT', `${environment}/configs/a`, { value: 1 });
});

describe('configuration of a locked environment', () => {
  const entries = [entry('a', 2)];
  const refused = { status: 423, body: { code: 'locked', reason: 'incident' } };

  it.each([
    ['production', 'production'],
    ['staging', 'staging'],
    ['staging, by the lock on everything', '*'],
  ])('is edited by nobody, admins included: %s', async (_, scope) => {
    const environment = scope === 'production' ? PRODUCTION : STAGING;
    const { stage } = (await admin('POST', `${environment}/import/parts`, { entries })).body;
    await admin('POST', `/api/v1/environments/${scope}/lock`, { reason: 'incident' });
    const reason = 'urgent';
    expect(await admin('PUT', `${environment}/configs/a`, { value: 2, reason })).toMatchObject(refused);
    expect(await admin('DELETE', `${environment}/configs/a`, { reason })).toMatchObject(refused);
    expect(await admin('POST', `${environment}/batch`, { put: entries, reason })).toMatchObject(refused);
    expect(await admin('POST', `${environment}/import`, { entries, reason })).toMatchObject(refused);
    expect(await admin('POST', `${environment}/import/commit`, { stage, reason })).toMatchObject(refused);
    expect((await admin('GET', `${environment}/configs/a`)).body.entry).toMatchObject({ value: 1 });
    await admin('POST', `/api/v1/environments/${scope}/unlock`, { reason: 'over' });
    expect(await admin('PUT', `${environment}/configs/a`, { value: 2, reason })).toMatchObject({
      status: 200,
    });
  });
});
