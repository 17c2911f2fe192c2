import { beforeEach, describe, expect, it } from 'vitest';
import { entry, flag, PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { PRODUCTION, STAGING } from './world.ts';

let world: PromotionStage['world'];
let dev: PromotionStage['dev'];
let alice: PromotionStage['alice'];
let ask: PromotionStage['ask'];
let snapshot: PromotionStage['snapshot'];
let values: PromotionStage['values'];
let finished: PromotionStage['finished'];
let carriedOut: PromotionStage['carriedOut'];
beforeEach(async () => {
  ({ world, dev, alice, ask, snapshot, values, finished, carriedOut } = await promotionStage());
});

describe('a promotion', () => {
  it("goes the document's whole way: validate, approve, execute, rollback", async () => {
    const { id } = (await dev('GET', `${STAGING}/configs/ai.new-model`)).body.entry;
    const before = await snapshot(PRODUCTION);
    const asked = await ask({
      promotionType: 'SELECTIVE',
      configIds: [id],
      flagIds: ['880e8400-...'],
      keyPatterns: ['query.*'],
      notes: 'verified in staging',
    });
    expect(asked.status).toBe(201);
    expect(asked.headers['location']).toBe(`${PROMOTIONS}/${asked.body.id}`);
    expect(asked.body).toMatchObject({
      kind: 'config',
      promotionType: 'SELECTIVE',
      status: 'pending',
      waitingFor: 'approval',
      requiresApproval: true,
      notes: 'verified in staging',
      changes: { added: 1, modified: 1, removed: 0 },
      unmatched: ['880e8400-...'],
    });
    const path = `${PROMOTIONS}/${asked.body.id}`;
    expect((await dev('POST', `${path}/validate`)).body.manifestDigest).toBe(asked.body.manifestDigest);
    expect((await dev('POST', `${path}/approve`)).status).toBe(403);
    const done = await finished(asked.body.id);
    expect(done).toMatchObject({ status: 'completed', targetDeploymentId: null, approvedBy: 'alice' });
    expect(await values(PRODUCTION)).toMatchObject({
      'query.timeout': '180s',
      'ai.new-model': 'gpt-4-turbo',
    });
    const [revision] = (await dev('GET', `${PRODUCTION}/revisions`)).body.items;
    expect(revision).toMatchObject({
      revision: 2,
      cause: 'execute',
      promotionId: asked.body.id,
      changes: { added: 1, modified: 1, removed: 0, keys: ['ai.new-model', 'query.timeout'] },
    });

    const rollback = await dev('POST', `${path}/rollback`, {
      reason: 'slow queries',
      acknowledgeRisk: true,
    });
    expect(rollback).toMatchObject({
      status: 201,
      body: { type: 'rollback', rollbackOf: asked.body.id, rollbackMode: 'restore', notes: 'slow queries' },
    });
    expect(await finished(rollback.body.id)).toMatchObject({ status: 'completed' });
    expect((await snapshot(PRODUCTION)).root).toBe(before.root);
    expect((await dev('GET', path)).body.status).toBe('rolled_back');
    expect((await dev('POST', `${path}/rollback`)).status).toBe(409);
    expect((await dev('GET', `${path}/timeline`)).body.items.at(-1)).toMatchObject({
      type: 'PromotionRolledBack',
    });
  });

  it('moves everything, and deletes only with prune: the target is then the source itself', async () => {
    await world.as('admin')('PUT', `${PRODUCTION}/configs/extra`, { value: 1, reason: 'only here' });
    await carriedOut();
    expect(await values(PRODUCTION)).toMatchObject({ extra: 1, 'query.timeout': '180s' });
    const pruned = await carriedOut({ prune: true });
    expect(pruned.changes).toMatchObject({ added: 0, modified: 0, removed: 1, keys: ['extra'] });
    expect((await snapshot(PRODUCTION)).root).toBe((await snapshot(STAGING)).root);
  });

  it('moves flags by id or key, and only what a pattern matches', async () => {
    await dev('POST', `${STAGING}/batch`, {
      put: [flag('a.flag'), flag('b.flag'), entry('a.flag', 'a config')],
    });
    await carriedOut({ promotionType: 'SELECTIVE', flagIds: ['a.flag'] });
    expect((await dev('GET', `${PRODUCTION}/flags/a.flag`)).status).toBe(200);
    expect((await dev('GET', `${PRODUCTION}/configs/a.flag`)).status).toBe(404);
    await carriedOut({ promotionType: 'PATTERN', keyPatterns: ['?.flag'] });
    expect((await dev('GET', `${PRODUCTION}/flags/b.flag`)).status).toBe(200);
    expect((await dev('GET', `${PRODUCTION}/configs/a.flag`)).status).toBe(200);
    expect((await values(PRODUCTION))['query.timeout']).toBe('120s');
  });

  it('shows its change set page by page, thousands of changes too', async () => {
    const many = Array.from({ length: 1000 }, (_, n) => entry(`many.${String(n).padStart(4, '0')}`, n));
    await dev('POST', `${STAGING}/batch`, { put: many });
    const asked = (await ask({ promotionType: 'PATTERN', keyPatterns: ['many.*'] })).body;
    expect(asked.changes).toMatchObject({ added: 1000 });
    const items = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await dev(
        'GET',
        `${PROMOTIONS}/${asked.id}/changes?limit=300${cursor && `&cursor=${cursor}`}`,
      );
      expect(page.status).toBe(200);
      items.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    expect(items).toEqual(many.map(({ kind, key, value }) => ({ kind, key, change: 'added', to: value })));
  });

  it.each([
    ['nothing differs', { promotionType: 'PATTERN', keyPatterns: ['service.*'] }, 'already_there'],
    ['no key matches', { promotionType: 'PATTERN', keyPatterns: ['nothing.*'] }, 'no_matching_key'],
    ['nothing is named', { promotionType: 'SELECTIVE' }, 'no_matching_key'],
    ['the key is unknown', { promotionType: 'SELECTIVE', configIds: ['unknown'] }, 'no_matching_key'],
  ])('is refused when %s, with the reason', async (_, more, reason) => {
    expect(await ask(more)).toMatchObject({ status: 409, body: { code: 'nothing_to_promote', reason } });
  });

  it('is refused between environments that are not there, not neighbours, or empty', async () => {
    expect(await ask({ sourceEnvironment: 'nowhere' })).toMatchObject({ status: 404 });
    expect(await ask({ targetEnvironment: 'nowhere' })).toMatchObject({ status: 404 });
    expect(await ask({ sourceEnvironment: 'development' })).toMatchObject({
      status: 409,
      body: { code: 'missing_stages', missingStages: ['staging'] },
    });
    expect(await ask({ sourceEnvironment: 'production', targetEnvironment: 'staging' })).toMatchObject({
      status: 409,
    });
    expect(await ask({ sourceEnvironment: 'dev', targetEnvironment: 'staging' })).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_promote', reason: 'empty_source' },
    });
  });

  it('promises nothing and writes nothing when it is only tried', async () => {
    const tried = await dev('POST', `${PROMOTIONS}?dry_run=true`, {
      targetEnvironment: 'production',
      promotionType: 'FULL',
    });
    expect(tried).toMatchObject({ status: 200, body: { wouldBe: 'pending', sourceEnvironment: 'staging' } });
    expect((await dev('GET', PROMOTIONS)).body.items).toEqual([]);
  });

  it('may be asked for beside another selection of the same source, but not twice', async () => {
    const one = { promotionType: 'SELECTIVE', configIds: ['query.timeout'] };
    const [first, other] = [
      await ask(one),
      await ask({ promotionType: 'SELECTIVE', configIds: ['ai.new-model'] }),
    ];
    expect([first.status, other.status]).toEqual([201, 201]);
    expect(await ask(one)).toMatchObject({
      status: 409,
      body: { code: 'already_open', promotionId: first.body.id },
    });
    const { items } = (await dev('GET', `${PROMOTIONS}?status=pending`)).body;
    expect(items).toHaveLength(2);
  });
});

describe('readers during a promotion of 10,000 keys', () => {
  it('see the old root or the new one, and nothing between', async () => {
    for (let batch = 0; batch < 10; batch += 1) {
      const put = Array.from({ length: 1000 }, (_, n) => entry(`bulk.${batch}.${n}`, `v${n}`));
      await dev('POST', `${STAGING}/batch`, { put });
    }
    const before = await snapshot(PRODUCTION);
    const { id } = (await ask()).body;
    await alice('POST', `${PROMOTIONS}/${id}/approve`);
    await dev('POST', `${PROMOTIONS}/${id}/execute`);
    let running = true;
    const seen = new Set<string>();
    const reader = async () => {
      while (running) {
        seen.add((await dev('GET', `${PRODUCTION}/snapshot?limit=1`)).body.root);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const reading = reader();
    await world.run(id);
    running = false;
    await reading;
    const after = await snapshot(PRODUCTION);
    expect([...seen].every((root) => root === before.root || root === after.root)).toBe(true);
    expect(after.root).not.toBe(before.root);
  });
});
