import { beforeEach, describe, expect, it } from 'vitest';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { ACME, PRODUCTION } from './world.ts';

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
});

const one = (key: string) => ({ promotionType: 'SELECTIVE', configIds: [key] });
const status = async (id: string) => (await stage.dev('GET', `${PROMOTIONS}/${id}`)).body.status;
const acknowledgeRisk = true;

describe('a rollback', () => {
  it('to what was before takes later promotions with it; a revert leaves them', async () => {
    const { carriedOut, finished, rollBack, snapshot, values } = stage;
    const before = await snapshot(PRODUCTION);
    const first = await carriedOut(one('query.timeout'));
    const second = await carriedOut(one('ai.new-model'));
    const revert = await rollBack(first.id, { mode: 'revert' });
    expect(revert.body.changes).toMatchObject({ added: 0, modified: 1, removed: 0, keys: ['query.timeout'] });
    await finished(revert.body.id);
    expect(await values(PRODUCTION)).toMatchObject({
      'query.timeout': '120s',
      'ai.new-model': 'gpt-4-turbo',
    });
    expect([await status(first.id), await status(second.id)]).toEqual(['rolled_back', 'completed']);

    const third = await carriedOut(one('query.timeout'));
    const restore = await rollBack(second.id, { acknowledgeRisk });
    await finished(restore.body.id);
    expect([await status(revert.body.id), await status(third.id)]).toEqual(['rolled_back', 'rolled_back']);
    expect((await values(PRODUCTION))['query.timeout']).toBe('180s');
    expect((await snapshot(PRODUCTION)).root).not.toBe(before.root);
  });

  it('holds automatic promotion of the configuration there, however it was begun', async () => {
    const held = () =>
      stage.world.deps.promotions.onHold(ACME, { kind: 'config', name: 'config' }, 'production');
    const { id } = await stage.carriedOut(one('query.timeout'));
    const back = await stage.rollBack(id, { mode: 'revert' });
    expect(await held()).toBeUndefined();
    await stage.finished(back.body.id);
    expect(await held()).toBeDefined();
  });

  it('that would undo what others changed since is refused as a revert, naming the keys', async () => {
    const first = await stage.carriedOut();
    await stage.edit('query.timeout', '7s');
    expect(await stage.rollBack(first.id, { mode: 'revert' })).toMatchObject({
      status: 409,
      body: { code: 'target_moved', conflicts: ['query.timeout'], recommendation: 'BLOCKED' },
    });
  });

  it('takes a promoter, and a completed promotion', async () => {
    const open = (await stage.ask()).body;
    expect((await stage.rollBack(open.id)).status).toBe(409);
    const path = `${PROMOTIONS}/${open.id}/rollback`;
    expect((await stage.world.as('viewer')('POST', path)).status).toBe(403);
    expect((await stage.world.as('carol')('POST', path)).status).toBe(404);
  });

  it('is asked for once at a time, and answers a repeated request with the same', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    const again = () =>
      stage.dev('POST', `${PROMOTIONS}/${id}/rollback`, {}, { 'idempotency-key': 'key-0001' });
    const [first, second] = [await again(), await again()];
    expect(first).toMatchObject({ status: 201, body: { impact: { recommendation: 'SAFE' } } });
    expect(second.body).toEqual(first.body);
    expect(await stage.rollBack(id)).toMatchObject({
      status: 409,
      body: { code: 'already_open', promotionId: first.body.id },
    });
  });

  it('never merges with what came since it was approved: that is another change set', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    const back = (await stage.rollBack(id)).body;
    await stage.alice('POST', `${PROMOTIONS}/${back.id}/approve`);
    await stage.edit('service.1', 'edited since');
    expect(await stage.dev('POST', `${PROMOTIONS}/${back.id}/execute`)).toMatchObject({
      status: 409,
      body: { code: 'target_moved' },
    });
    const validated = (await stage.dev('POST', `${PROMOTIONS}/${back.id}/validate`)).body;
    expect(validated).toMatchObject({ status: 'pending', changes: { modified: 2 } });
    await stage.finished(back.id);
    expect((await stage.values(PRODUCTION))['service.1']).toBe(1);
  });

  it('goes back from keys that the target owns, too', async () => {
    const { world, dev, finished, carriedOut, rollBack, snapshot } = stage;
    const before = await snapshot(PRODUCTION);
    const { id } = await carriedOut(one('query.timeout'));
    const environment = await world.deps.catalog.item(ACME, 'environment', 'production');
    if (environment === undefined) throw new Error('no production');
    const item = { ...environment, owned_keys: ['query.*'], version: environment.version + 1 };
    await world.deps.transactions.commit(ACME, [
      { write: 'catalog', entry: { type: 'environment', item }, expected: environment.version },
    ]);
    await finished((await rollBack(id)).body.id);
    expect((await snapshot(PRODUCTION)).root).toBe(before.root);
    expect((await dev('GET', `${PROMOTIONS}/${id}`)).body.status).toBe('rolled_back');
  });
});
