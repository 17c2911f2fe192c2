import { beforeEach, expect, it } from 'vitest';
import { entryId } from '../../../functions/domain/config-tree/entry-id.ts';
import { ACME, GLOBEX } from '../api-world.ts';
import { entry, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { STAGING } from './world.ts';

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

it('takes nothing along whose key is called like the id; a pattern selects that', async () => {
  const id = config('query.timeout');
  await dev('POST', `${STAGING}/batch`, { put: [entry(id, 'EVIL')] });
  const asked = await ask({ promotionType: 'SELECTIVE', configIds: [id] });
  expect(asked.body).toMatchObject({ changes: { added: 0, modified: 1, keys: ['query.timeout'] } });
  const byPattern = await ask({ promotionType: 'PATTERN', keyPatterns: [id] });
  expect(byPattern.body).toMatchObject({ changes: { added: 1, modified: 0, keys: [id] } });
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
