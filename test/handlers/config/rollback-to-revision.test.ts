import { beforeEach, describe, expect, it } from 'vitest';
import { settle } from '../../../functions/use-cases/workflow/settle.ts';
import { everythingIn } from '../../support/replayed-stores.ts';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { ACME, PRODUCTION } from './world.ts';

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
});

const one = (key: string) => ({ promotionType: 'SELECTIVE', configIds: [key] });
const status = async (id: string) => (await stage.dev('GET', `${PROMOTIONS}/${id}`)).body.status;
const to = (toRevision: number) => ({ toRevision, acknowledgeRisk: true, reason: 'errors rise' });

describe('a rollback of configuration to a revision by its number', () => {
  it('restores all that the environment held then, as a new revision, and takes later promotions and edits back', async () => {
    const { carriedOut, edit, finished, rollBack, snapshot } = stage;
    const before = await snapshot(PRODUCTION);
    const first = await carriedOut(one('query.timeout'));
    await edit('service.1', 17);
    const second = await carriedOut(one('ai.new-model'));
    const back = await rollBack(second.id, to(1));
    expect(back, JSON.stringify(back.body)).toMatchObject({
      status: 201,
      body: {
        rollbackOf: second.id,
        impact: {
          recommendation: 'RISKY',
          reasonCodes: ['later_edits_undone', 'later_promotions_undone'],
          fromRevision: 4,
          toRevision: 1,
          laterPromotionsUndone: [first.id],
          laterEditsUndone: 1,
          keys: 3,
        },
      },
    });
    await finished(back.body.id);
    const after = await snapshot(PRODUCTION);
    expect([after.root, after.revision]).toEqual([before.root, 5]);
    expect([await status(first.id), await status(second.id)]).toEqual(['rolled_back', 'rolled_back']);
  });

  it('goes over edits alone, and names no promotion that it does not take back', async () => {
    const { carriedOut, edit, finished, rollBack, snapshot } = stage;
    const { id } = await carriedOut(one('query.timeout'));
    const held = await snapshot(PRODUCTION);
    await edit('service.1', 17);
    const back = await rollBack(id, to(2));
    expect(back.body, JSON.stringify(back.body)).toMatchObject({
      rollbackOf: null,
      changes: { modified: 1 },
    });
    await finished(back.body.id);
    expect((await snapshot(PRODUCTION)).root).toBe(held.root);
    expect(await status(id)).toBe('completed');
  });

  it('that it never had, or holds now, is refused with those that it had, newest first', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    for (let n = 0; n < 25; n += 1) await stage.edit('service.1', n + 100);
    const refused = await stage.rollBack(id, to(99));
    expect(refused.body, JSON.stringify(refused.body)).toMatchObject({
      code: 'source_not_deployed',
      field: 'toRevision',
      available: Array.from({ length: 20 }, (_, n) => 26 - n),
      detail: expect.stringContaining('choose of 26, 25'),
    });
    // Only tried, the answer has the same ones.
    const offered = Array.from({ length: 20 }, (_, n) => ({ number: 26 - n }));
    expect((await stage.rollBack(id, to(27), '?dry_run=true')).body).toMatchObject({
      wouldBe: null,
      impact: { recommendation: 'BLOCKED', reasonCodes: ['already_there'], revisions: offered },
    });
    expect((await stage.rollBack(id, { ...to(1), mode: 'revert' })).body).toMatchObject({
      code: 'invalid_transition',
      detail: expect.stringContaining('toRevision'),
    });
  });

  it('is no longer offered where its content is no longer surely kept', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    for (let n = 0; n < 95; n += 1) await stage.edit('service.1', n + 100);
    stage.world.at(new Date(Date.parse('2026-11-21T09:00:00.000Z') + 100 * 86_400_000).toISOString());
    const refused = await stage.rollBack(id, to(3));
    expect(refused.body).toMatchObject({ code: 'source_not_deployed' });
    const oldest = await stage.rollBack(id, to(8), '?dry_run=true');
    expect(oldest.body.impact, JSON.stringify(oldest.body)).toMatchObject({ toRevision: 8 });
  });

  it('is tried without a byte written, answered once for a key, and one of two at once', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    const before = everythingIn(stage.world.deps);
    const tried = await stage.rollBack(id, to(1), '?dry_run=true');
    expect(tried.body.impact.revisions).toMatchObject([{ number: 1, version: null }]);
    expect(everythingIn(stage.world.deps)).toBe(before);
    const path = `${PROMOTIONS}/${id}/rollback`;
    const both = await Promise.all([1, 2].map(() => stage.dev('POST', path, to(1))));
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
    const made = both.find((answer) => answer.status === 201);
    await stage.dev('DELETE', `${PROMOTIONS}/${made?.body.id}`);
    const keyed = () => stage.dev('POST', path, to(1), { 'idempotency-key': 'key-0002' });
    const [first, second] = [await keyed(), await keyed()];
    expect(second.body).toEqual(first.body);
    expect((await stage.world.as('viewer')('POST', path, to(1))).status).toBe(403);
    expect((await stage.world.as('carol')('POST', path, to(1))).status).toBe(404);
  });

  it('is asked for again where it failed: to the same revision, on the environment as it is by then', async () => {
    const before = await stage.snapshot(PRODUCTION);
    const { id } = await stage.carriedOut(one('query.timeout'));
    const back = (await stage.rollBack(id, to(1))).body;
    await stage.alice('POST', `${PROMOTIONS}/${back.id}/approve`);
    await stage.dev('POST', `${PROMOTIONS}/${back.id}/execute`);
    await settle(stage.world.deps, { tenant: ACME, id: back.id }, { error: 'Corrupt', patient: false });
    expect((await stage.dev('GET', `${PROMOTIONS}/${back.id}`)).body).toMatchObject({
      status: 'failed',
      failure: { code: 'not_started', targetState: 'unchanged' },
    });
    await stage.edit('service.1', 17);
    const retry = (body: object) =>
      stage.dev('POST', `${PROMOTIONS}/${back.id}/retry`, body, { 'idempotency-key': 'key-0003' });
    // The edit would be undone too: that is a risk of its own, which the first request did not have.
    expect(await retry({})).toMatchObject({
      status: 409,
      body: { code: 'risk_not_acknowledged', reasonCodes: ['later_edits_undone'] },
    });
    const again = await retry({ acknowledgeRisk: true });
    expect(again, JSON.stringify(again.body)).toMatchObject({
      status: 201,
      body: { type: 'rollback', status: 'pending', rollbackOf: id, changes: { modified: 2 } },
    });
    const twice = await retry({ acknowledgeRisk: true });
    expect(twice).toMatchObject({ status: 201, body: { id: again.body.id } });
    expect(twice.headers['idempotency-replayed']).toBe('true');
    await stage.finished(again.body.id);
    expect((await stage.snapshot(PRODUCTION)).root).toBe(before.root);
    expect(await status(id)).toBe('rolled_back');
  });

  it('is the same in the other API, and nothing that did not run names an environment to go back', async () => {
    const { id } = await stage.carriedOut(one('query.timeout'));
    const open = (await stage.ask()).body.id;
    expect((await stage.rollBack(open, to(1))).body).toMatchObject({ code: 'invalid_transition' });
    await stage.dev('DELETE', `${PROMOTIONS}/${open}`);
    expect((await stage.rollBack(open, to(1))).body).toMatchObject({ code: 'invalid_transition' });
    const back = await stage.rollBack(id, to(1));
    await stage.finished(back.body.id);
    // A rollback is not rolled back: the environment goes to a revision.
    expect((await stage.rollBack(back.body.id)).body).toMatchObject({
      code: 'invalid_transition',
      detail: expect.stringContaining('toRevision'),
    });
    const forward = await stage.rollBack(back.body.id, to(2));
    expect(forward, JSON.stringify(forward.body)).toMatchObject({ status: 201 });
    await stage.finished(forward.body.id);
    expect((await stage.values(PRODUCTION))['query.timeout']).toBe('180s');
  });
});
