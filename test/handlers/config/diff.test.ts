import { beforeEach, describe, expect, it } from 'vitest';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { ACME, PRODUCTION, STAGING } from './world.ts';

let world: PromotionStage['world'];
let dev: PromotionStage['dev'];
beforeEach(async () => {
  ({ world, dev } = await promotionStage());
});

describe('the diff', () => {
  it('is what the document says, to the last field', async () => {
    expect((await dev('GET', `${PROMOTIONS}/diff?source=staging&target=production`)).body).toEqual({
      sourceEnvironment: 'staging',
      targetEnvironment: 'production',
      added: [{ key: 'ai.new-model', value: 'gpt-4-turbo' }],
      modified: [{ key: 'query.timeout', sourceValue: '180s', targetValue: '120s' }],
      removed: [],
      unchanged: 35,
    });
  });

  it('lists apart what belongs to the target, and goes page by page at its first roots', async () => {
    await world.as('admin')('PUT', `${PRODUCTION}/configs/query.host`, { value: 'prod', reason: 'first' });
    const environment = await world.deps.catalog.item(ACME, 'environment', 'production');
    if (environment === undefined) throw new Error('no production');
    await world.deps.transactions.commit(ACME, [
      {
        write: 'catalog',
        entry: {
          type: 'environment',
          item: { ...environment, owned_keys: ['query.host'], version: environment.version + 1 },
        },
        expected: environment.version,
      },
    ]);
    const path = `${PROMOTIONS}/diff?source=stg&target=prod&limit=1`;
    const first = (await dev('GET', path)).body;
    expect(first).toMatchObject({ added: [{ key: 'ai.new-model' }], modified: [], unchanged: 35 });
    await dev('PUT', `${STAGING}/configs/zz.later`, { value: 1 });
    const second = (await dev('GET', `${path}&cursor=${first.nextCursor}`)).body;
    expect(second).toMatchObject({ added: [], removed: [], owned: [{ key: 'query.host' }], unchanged: 35 });
    const third = (await dev('GET', `${path}&cursor=${second.nextCursor}`)).body;
    expect(third).toMatchObject({ modified: [{ key: 'query.timeout' }] });
    expect(third).not.toHaveProperty('nextCursor');
    expect((await dev('GET', `${path}&cursor=AAAA`)).status).toBe(400);
  });
});
