import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, skipWithoutEngine, startEngine } from '../../support/engine.ts';
import { tableStores } from '../../support/replayed-table.ts';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { STAGING } from './world.ts';

const acknowledgeRisk = true;

describe.skipIf(skipWithoutEngine())('a rollback on the table', () => {
  let engine: Engine;
  let stage: PromotionStage;
  beforeAll(async () => {
    engine = await startEngine();
    stage = await promotionStage((now) => tableStores(engine.table, now));
  });
  afterAll(() => engine.stop());

  it('takes forty promotions back in its one commit, and refuses more', async () => {
    const { dev, ask, rollBack, executed } = stage;
    // Staging is not protected: nobody has to approve.
    const development = '/api/v1/config/environments/development';
    const ids: string[] = [];
    for (let n = 0; n < 41; n += 1) {
      await dev('PUT', `${development}/configs/round`, { value: n });
      const asked = await ask({ sourceEnvironment: 'development', targetEnvironment: 'staging' });
      await executed(asked.body.id);
      ids.push(asked.body.id);
    }
    const [oldest = '', next = ''] = ids;
    expect(await rollBack(oldest, { acknowledgeRisk })).toMatchObject({
      status: 409,
      body: { code: 'invalid_transition', reason: 'too_many_undone', most: 40, recommendation: 'BLOCKED' },
    });
    const back = (await rollBack(next, { acknowledgeRisk })).body;
    expect(back.impact.laterPromotionsUndone).toEqual(ids.slice(2));
    expect(await executed(back.id)).toMatchObject({ status: 'completed' });
    expect((await dev('GET', `${STAGING}/configs/round`)).body.entry.value).toBe(0);
    const { items } = (await dev('GET', `${PROMOTIONS}?status=rolled_back&limit=100`)).body;
    expect(items.map(({ id }: { id: string }) => id).sort()).toEqual(ids.slice(1).sort());
    // What was taken back is not taken back again, so now there is room.
    expect((await rollBack(oldest, { acknowledgeRisk })).status).toBe(201);
  });
});
