import { beforeEach, describe, expect, it } from 'vitest';
import { AT_LENGTH } from '../../support/length.ts';
import { ACME, START } from '../api-world.ts';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { PRODUCTION, STAGING } from './world.ts';

const DEVELOPMENT = '/api/v1/config/environments/development';

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
  for (const subject of ['erin', 'frank']) {
    await commit({
      write: 'membership',
      membership: {
        tenant: ACME,
        subject,
        user_id: subject,
        email: `${subject}@acme.com`,
        groups: [],
        grants: [{ role: 'developer' }, { role: 'approver' }],
        status: 'active',
        version: 1,
        created_at: START,
        updated_at: START,
      },
      expected: 0,
    });
  }
  const duties = { requester: true, author: true, previous_promoter: false, evidence_producer: false };
  const item = {
    id: 'pol-1',
    name: 'authors',
    environments: ['production'],
    required_approvers: 1,
    groups: [],
    separation_of_duties: duties,
    expires_after: 'P7D',
    require_comment: false,
    version: 1,
    created_at: START,
    updated_at: START,
  };
  await commit({ write: 'catalog', entry: { type: 'policy', item }, expected: 0 });
});

type Write = Parameters<PromotionStage['world']['deps']['transactions']['commit']>[1][number];

async function commit(...writes: Write[]): Promise<void> {
  expect(await stage.world.deps.transactions.commit(ACME, writes)).toEqual({ committed: true });
}
const edited = async (who: string, key: string, value: unknown, where = STAGING) => {
  const put = await stage.world.as(who)('PUT', `${where}/configs/${key}`, { value, reason: 'test' });
  expect(put.status, JSON.stringify(put.body)).toBeLessThan(300);
};
const requested = async (more: object = {}): Promise<string> => {
  const answer = await stage.ask(more);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.id;
};
const approved = (who: string, id: string) => stage.world.as(who)('POST', `${PROMOTIONS}/${id}/approve`);
const AN_AUTHOR = { status: 403, body: { code: 'separation_of_duties', relation: 'author' } };

describe('the authors of promoted configuration', () => {
  it('include the editor of a promoted value that was set back in the source since', async () => {
    await stage.carriedOut({ prune: true });
    await edited('erin', 'query.timeout', '1ms');
    const id = await requested();
    await edited('erin', 'query.timeout', '180s');
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('include who deleted a key, also before the target received all that was left without pruning', async () => {
    await stage.carriedOut();
    const deleted = await stage.world.as('erin')('DELETE', `${STAGING}/configs/service.7`, {
      reason: 'test',
    });
    expect(deleted.status, JSON.stringify(deleted.body)).toBeLessThan(300);
    await edited('frank', 'service.8', 'another');
    await stage.carriedOut();
    const id = await requested({ prune: true });
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('include nobody for a pruned key that the source never had', async () => {
    await edited('admin', 'only.in-production', true, PRODUCTION);
    await stage.carriedOut();
    await edited('erin', 'query.timeout', '1ms');
    const id = await requested({ prune: true });
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('are not those who write the same in the source after it was requested', async () => {
    await stage.carriedOut();
    await edited('erin', 'query.timeout', '1ms');
    const id = await requested();
    await edited('frank', 'query.timeout', '2ms');
    await edited('frank', 'query.timeout', '1ms');
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('are not the editors of what the target has received before, though the two always differ somewhere', async () => {
    await edited('admin', 'only.in-production', true, PRODUCTION);
    await edited('frank', 'ai.new-model', 'gpt-5');
    await stage.carriedOut();
    await edited('erin', 'query.timeout', '1ms');
    const id = await requested();
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('include all who touched a promoted key since the target received it, and nobody who touched others', async () => {
    await stage.carriedOut();
    await edited('erin', 'query.timeout', '1ms');
    await edited('dev', 'query.timeout', '2ms');
    await edited('frank', 'service.1', 'another');
    const id = await requested({ promotionType: 'SELECTIVE', configIds: ['query.timeout'] });
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('are found behind many later edits of other keys, at length behind thousands', async () => {
    await edited('erin', 'query.timeout', '1ms');
    const edits = AT_LENGTH ? 2_500 : 25;
    for (let edit = 0; edit < edits; edit += 1) await edited('frank', 'service.1', edit);
    const id = await requested({ promotionType: 'SELECTIVE', configIds: ['query.timeout'] });
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('include the last writer of an old value that the target has lost since', async () => {
    await edited('erin', 'query.timeout', '1ms');
    await stage.carriedOut();
    await edited('admin', 'query.timeout', '120s', PRODUCTION);
    const id = await requested();
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('are found where the content was written, behind any number of promotions', async () => {
    await stage.carriedOut();
    await edited('erin', 'query.timeout', '1ms', DEVELOPMENT);
    const hop = await requested({ sourceEnvironment: 'development', targetEnvironment: 'staging' });
    expect((await stage.executed(hop)).status).toBe('completed');
    const id = await requested();
    expect(await approved('erin', id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', id)).toMatchObject({ status: 200 });
  });

  it('are those of what a rollback brings back', async () => {
    await edited('admin', 'query.timeout', '120s', PRODUCTION);
    await edited('erin', 'query.timeout', '1ms');
    await stage.carriedOut();
    await edited('frank', 'query.timeout', '2ms');
    const { id } = await stage.carriedOut();
    const back = await stage.rollBack(id, { acknowledgeRisk: true });
    expect(back.status, JSON.stringify(back.body)).toBe(201);
    expect(await approved('erin', back.body.id)).toMatchObject(AN_AUTHOR);
    expect(await approved('frank', back.body.id)).toMatchObject({ status: 200 });
  });
});
