import { beforeEach, expect, it } from 'vitest';
import { ACME, START } from '../api-world.ts';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { STAGING } from './world.ts';

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
  const membership = {
    tenant: ACME,
    subject: 'erin',
    user_id: 'erin',
    email: 'erin@acme.com',
    groups: [],
    grants: [{ role: 'developer' }],
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  const write = { write: 'membership', membership, expected: 0 } as const;
  expect(await stage.world.deps.transactions.commit(ACME, [write])).toEqual({ committed: true });
});

const refreshed = (who: string, id: string) =>
  stage.world.as(who)('POST', `${PROMOTIONS}/${id}/validate`, { refresh: true });
const edited = (who: string) => stage.world.as(who)('PUT', `${STAGING}/configs/query.timeout`, { value: 1 });

it('of another’s approved promotion takes the role that cancels it: its approvals would fall', async () => {
  const { id } = (await stage.ask()).body;
  const approved = await stage.alice('POST', `${PROMOTIONS}/${id}/approve`);
  expect(approved.body.status).toBe('approved');
  expect((await edited('erin')).status).toBeLessThan(300);
  expect(await refreshed('erin', id)).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
  expect(await stage.world.as('erin')('POST', `${PROMOTIONS}/${id}/validate`, {})).toMatchObject({
    status: 200,
    body: { status: 'approved' },
  });
  expect((await refreshed('dev', id)).body).toMatchObject({ status: 'pending', approvals: [] });
});

it('of a promotion that waits is anybody’s who may validate it', async () => {
  const { id } = (await stage.ask()).body;
  expect((await edited('erin')).status).toBeLessThan(300);
  expect((await refreshed('erin', id)).body).toMatchObject({ status: 'pending' });
});
