import { beforeEach, describe, expect, it } from 'vitest';
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
    grants: [{ role: 'developer' }, { role: 'approver' }],
    status: 'active',
    version: 1,
    created_at: START,
    updated_at: START,
  } as const;
  const writes = [{ write: 'membership', membership, expected: 0 }] as const;
  expect(await stage.world.deps.transactions.commit(ACME, writes)).toEqual({ committed: true });
});

/** A promotion to which an approver said "not yet". */
async function givenBack(): Promise<string> {
  const { id } = (await stage.ask()).body;
  const asked = await stage.alice('POST', `${PROMOTIONS}/${id}/request-changes`, { reason: 'lower it' });
  expect(asked.status).toBe(200);
  return id;
}
const resubmitted = (who: string, id: string, body: object = {}) =>
  stage.world.as(who)('POST', `${PROMOTIONS}/${id}/resubmit`, body);
const changesOf = async (id: string) =>
  (await stage.alice('GET', `${PROMOTIONS}/${id}/changes`)).body.items.map(
    ({ key, to }: { key: string; to: unknown }) => [key, to],
  );

describe('a promotion that is resubmitted after changes were requested', () => {
  it('takes the source as it is then, and the digest sealed before is approved no more', async () => {
    const id = await givenBack();
    const { manifestDigest } = (await stage.dev('GET', `${PROMOTIONS}/${id}`)).body;
    await stage.dev('PUT', `${STAGING}/configs/query.timeout`, { value: '150s', reason: 'as asked' });
    expect(await resubmitted('dev', id)).toMatchObject({ status: 200, body: { waitingFor: 'approval' } });
    expect(await changesOf(id)).toContainEqual(['query.timeout', '150s']);
    expect(await stage.alice('POST', `${PROMOTIONS}/${id}/approve`, { manifestDigest })).toMatchObject({
      status: 409,
      body: { code: 'manifest_changed' },
    });
  });

  it('takes another selection, whose author counts as requester', async () => {
    const id = await givenBack();
    const selection = { promotionType: 'PATTERN', keyPatterns: ['query.*'] };
    expect(await resubmitted('erin', id, { selection: { ...selection, configIds: ['a'] } })).toMatchObject({
      status: 400,
    });
    expect(await resubmitted('erin', id, { selection })).toMatchObject({
      status: 200,
      body: { promotionType: 'PATTERN', keyPatterns: ['query.*'] },
    });
    expect((await changesOf(id)).map(([key]: [string]) => key)).toEqual(['query.timeout']);
    expect(await stage.world.as('erin')('POST', `${PROMOTIONS}/${id}/approve`)).toMatchObject({
      status: 403,
      body: { relation: 'requester' },
    });
    const done = await stage.finished(id);
    expect(done.status).toBe('completed');
    expect(await stage.values('/api/v1/config/environments/production')).not.toHaveProperty('ai.new-model');
  });
});
