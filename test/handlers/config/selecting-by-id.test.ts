import { beforeEach, expect, it } from 'vitest';
import { entryId } from '../../../functions/domain/config-tree/entry-id.ts';
import { ACME, GLOBEX } from '../api-world.ts';
import { type PromotionStage, promotionStage } from './promotion-stage.ts';

let ask: PromotionStage['ask'];
let dev: PromotionStage['dev'];
beforeEach(async () => {
  ({ ask, dev } = await promotionStage());
});

const config = (key: string, tenant = ACME) => entryId(tenant, 'config', key);

it('takes what the ids stand for, and names those that stand for nothing in either environment', async () => {
  // Equal in both environments, of the other kind, of another tenant, and of a key that nobody has.
  const same = config('service.7');
  const flag = entryId(ACME, 'flag', 'query.timeout');
  const foreign = config('query.timeout', GLOBEX);
  const nobodys = config('nobody.has.this');
  const asked = await ask({
    promotionType: 'SELECTIVE',
    configIds: [config('query.timeout'), same, flag, foreign, nobodys],
  });
  expect(asked, JSON.stringify(asked.body)).toMatchObject({
    status: 201,
    body: {
      changes: { added: 0, modified: 1, removed: 0, keys: ['query.timeout'] },
      unmatched: [flag, foreign, nobodys],
    },
  });
  const changes = await dev('GET', `/api/v1/config/promotions/${asked.body.id}/changes`);
  expect(JSON.stringify(changes.body)).toContain('query.timeout');
  expect(JSON.stringify(changes.body)).not.toContain('ai.new-model');
});

it('has nothing to promote where ids stand for what is equal, or for nothing', async () => {
  for (const [id, reason] of [
    [config('service.7'), 'already_there'],
    [config('nobody.has.this'), 'no_matching_key'],
  ]) {
    const asked = await ask({ promotionType: 'SELECTIVE', configIds: [id] });
    expect(asked).toMatchObject({ status: 409, body: { code: 'nothing_to_promote', reason } });
  }
});
