import { beforeEach, describe, expect, it } from 'vitest';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { PRODUCTION, STAGING } from './world.ts';

let world: PromotionStage['world'];
let dev: PromotionStage['dev'];
let alice: PromotionStage['alice'];
let ask: PromotionStage['ask'];
let values: PromotionStage['values'];
let finished: PromotionStage['finished'];
let edit: PromotionStage['edit'];
beforeEach(async () => {
  ({ world, dev, alice, ask, values, finished, edit } = await promotionStage());
});

describe('a target that moves', () => {
  it('keeps the approval and both changes while other keys change', async () => {
    const { id, manifestDigest } = (await ask()).body;
    await alice('POST', `${PROMOTIONS}/${id}/approve`, { manifestDigest });
    await edit('service.7', 'edited meanwhile');
    expect((await dev('POST', `${PROMOTIONS}/${id}/execute`)).status).toBe(202);
    await edit('service.8', 'edited even later');
    await world.run(id);
    const done = (await dev('GET', `${PROMOTIONS}/${id}`)).body;
    expect(done).toMatchObject({ status: 'completed', manifestDigest });
    expect(await values(PRODUCTION)).toMatchObject({
      'service.7': 'edited meanwhile',
      'service.8': 'edited even later',
      'query.timeout': '180s',
    });
  });

  it('stops it when one of its keys changed, names the key, and asks again', async () => {
    const { id, manifestDigest } = (await ask()).body;
    await alice('POST', `${PROMOTIONS}/${id}/approve`);
    await edit('query.timeout', '60s');
    expect(await dev('POST', `${PROMOTIONS}/${id}/execute`)).toMatchObject({
      status: 409,
      body: { code: 'target_moved', conflicts: ['query.timeout'] },
    });
    const validated = (await dev('POST', `${PROMOTIONS}/${id}/validate`)).body;
    expect(validated).toMatchObject({
      status: 'pending',
      waitingFor: 'approval',
      conflicts: ['query.timeout'],
    });
    expect(validated.manifestDigest).not.toBe(manifestDigest);
    const [, change] = (await dev('GET', `${PROMOTIONS}/${id}/changes`)).body.items;
    expect(change).toEqual({
      kind: 'config',
      key: 'query.timeout',
      change: 'modified',
      from: '60s',
      to: '180s',
    });
    expect(await finished(id)).toMatchObject({ status: 'completed' });
    expect((await values(PRODUCTION))['query.timeout']).toBe('180s');
  });

  it('stops it between the request to execute and the execution too', async () => {
    const { id } = (await ask()).body;
    await alice('POST', `${PROMOTIONS}/${id}/approve`);
    await dev('POST', `${PROMOTIONS}/${id}/execute`);
    await edit('query.timeout', '60s');
    await expect(world.run(id)).rejects.toMatchObject({ name: 'TargetMoved' });
    expect((await dev('GET', `${PROMOTIONS}/${id}`)).body).toMatchObject({
      status: 'pending',
      reasonCode: 'target_moved',
      conflicts: ['query.timeout'],
    });
    expect((await values(PRODUCTION))['query.timeout']).toBe('60s');
  });

  it('does not let the source change what was approved, unless it is asked to', async () => {
    const { id } = (await ask()).body;
    await dev('PUT', `${STAGING}/configs/query.timeout`, { value: '999s' });
    expect(await finished(id)).toMatchObject({ status: 'completed' });
    expect((await values(PRODUCTION))['query.timeout']).toBe('180s');
    const next = (await ask()).body;
    await dev('PUT', `${STAGING}/configs/query.timeout`, { value: '1s' });
    const refreshed = (await dev('POST', `${PROMOTIONS}/${next.id}/validate`, { refresh: true })).body;
    expect(refreshed.manifestDigest).not.toBe(next.manifestDigest);
    await finished(next.id);
    expect((await values(PRODUCTION))['query.timeout']).toBe('1s');
  });
});
