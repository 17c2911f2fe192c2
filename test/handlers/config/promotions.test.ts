import { beforeEach, describe, expect, it } from 'vitest';
import { ACME, type ConfigWorld, configWorld, PRODUCTION, STAGING } from './world.ts';

const PROMOTIONS = '/api/v1/config/promotions';
const entry = (key: string, value: unknown) => ({ kind: 'config', key, value });
const flag = (key: string, enabled = true) => ({
  kind: 'flag',
  key,
  enabled,
  variants: { on: true, off: false },
  defaultVariant: 'on',
});

let world: ConfigWorld;
let dev: ReturnType<ConfigWorld['as']>;
let alice: ReturnType<ConfigWorld['as']>;
beforeEach(async () => {
  world = await configWorld();
  dev = world.as('dev');
  alice = world.as('alice');
  const same = Array.from({ length: 35 }, (_, n) => entry(`service.${n}`, n));
  await dev('POST', `${STAGING}/batch`, {
    put: [...same, entry('query.timeout', '180s'), entry('ai.new-model', 'gpt-4-turbo')],
  });
  await dev('POST', `${PRODUCTION}/batch`, { put: [...same, entry('query.timeout', '120s')] });
});

const ask = (more: object = {}) =>
  dev('POST', PROMOTIONS, {
    sourceEnvironment: 'staging',
    targetEnvironment: 'production',
    promotionType: 'FULL',
    ...more,
  });
const snapshot = async (environment: string) => (await dev('GET', `${environment}/snapshot`)).body;
const values = async (environment: string) =>
  Object.fromEntries(
    (await snapshot(environment)).entries.map(({ key, value }: { key: string; value: unknown }) => [
      key,
      value,
    ]),
  );

/** Approved, executed and completed, as people and the workflow do it. */
async function carriedOut(more: object = {}) {
  const asked = await ask(more);
  expect(asked.status, JSON.stringify(asked.body)).toBe(201);
  return await finished(asked.body.id);
}

async function finished(id: string) {
  expect((await alice('POST', `${PROMOTIONS}/${id}/approve`)).body.status).toBe('approved');
  expect((await dev('POST', `${PROMOTIONS}/${id}/execute`)).status).toBe(202);
  await world.run(id);
  return (await dev('GET', `${PROMOTIONS}/${id}`)).body;
}

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
    const environment = await world.deps.catalog.environment(ACME, 'production');
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

    const rollback = await dev('POST', `${path}/rollback`, { reason: 'slow queries' });
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
      body: { code: 'missing_stages', missing_stages: ['staging'] },
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
      body: { code: 'already_open', promotion_id: first.body.id },
    });
    const { items } = (await dev('GET', `${PROMOTIONS}?status=pending`)).body;
    expect(items).toHaveLength(2);
  });
});

describe('a target that moves', () => {
  const edit = (key: string, value: unknown) =>
    world.as('admin')('PUT', `${PRODUCTION}/configs/${key}`, { value, reason: 'meanwhile' });

  it('keeps the approval and both changes while other keys change', async () => {
    const { id, manifestDigest } = (await ask()).body;
    await alice('POST', `${PROMOTIONS}/${id}/approve`, { manifestDigest });
    await edit('service.7', 'edited meanwhile');
    expect((await dev('POST', `${PROMOTIONS}/${id}/execute`)).status).toBe(202);
    await edit('service.8', 'edited even later');
    await world.run(id);
    const done = (await dev('GET', `${PROMOTIONS}/${id}`)).body;
    expect(done).toMatchObject({ status: 'completed', manifestDigest });
    expect(await values(PRODUCTION)).toMatchObject({
      'service.7': 'edited meanwhile',
      'service.8': 'edited even later',
      'query.timeout': '180s',
    });
  });

  it('stops it when one of its keys changed, names the key, and asks again', async () => {
    const { id, manifestDigest } = (await ask()).body;
    await alice('POST', `${PROMOTIONS}/${id}/approve`);
    await edit('query.timeout', '60s');
    expect(await dev('POST', `${PROMOTIONS}/${id}/execute`)).toMatchObject({
      status: 409,
      body: { code: 'target_moved', conflicts: ['query.timeout'] },
    });
    const validated = (await dev('POST', `${PROMOTIONS}/${id}/validate`)).body;
    expect(validated).toMatchObject({
      status: 'pending',
      waitingFor: 'approval',
      conflicts: ['query.timeout'],
    });
    expect(validated.manifestDigest).not.toBe(manifestDigest);
    const [, change] = (await dev('GET', `${PROMOTIONS}/${id}/changes`)).body.items;
    expect(change).toEqual({
      kind: 'config',
      key: 'query.timeout',
      change: 'modified',
      from: '60s',
      to: '180s',
    });
    expect(await finished(id)).toMatchObject({ status: 'completed' });
    expect((await values(PRODUCTION))['query.timeout']).toBe('180s');
  });

  it('stops it between the request to execute and the execution too', async () => {
    const { id } = (await ask()).body;
    await alice('POST', `${PROMOTIONS}/${id}/approve`);
    await dev('POST', `${PROMOTIONS}/${id}/execute`);
    await edit('query.timeout', '60s');
    await expect(world.run(id)).rejects.toMatchObject({ name: 'TargetMoved' });
    expect((await dev('GET', `${PROMOTIONS}/${id}`)).body).toMatchObject({
      status: 'pending',
      reasonCode: 'target_moved',
      conflicts: ['query.timeout'],
    });
    expect((await values(PRODUCTION))['query.timeout']).toBe('60s');
  });

  it('does not let the source change what was approved, unless it is asked to', async () => {
    const { id } = (await ask()).body;
    await dev('PUT', `${STAGING}/configs/query.timeout`, { value: '999s' });
    expect(await finished(id)).toMatchObject({ status: 'completed' });
    expect((await values(PRODUCTION))['query.timeout']).toBe('180s');
    const next = (await ask()).body;
    await dev('PUT', `${STAGING}/configs/query.timeout`, { value: '1s' });
    const refreshed = (await dev('POST', `${PROMOTIONS}/${next.id}/validate`, { refresh: true })).body;
    expect(refreshed.manifestDigest).not.toBe(next.manifestDigest);
    await finished(next.id);
    expect((await values(PRODUCTION))['query.timeout']).toBe('1s');
  });
});

describe('a rollback', () => {
  it('to what was before takes later promotions with it; a revert leaves them', async () => {
    const before = await snapshot(PRODUCTION);
    const first = await carriedOut({ promotionType: 'SELECTIVE', configIds: ['query.timeout'] });
    const second = await carriedOut({ promotionType: 'SELECTIVE', configIds: ['ai.new-model'] });
    const revert = await dev('POST', `${PROMOTIONS}/${first.id}/rollback`, { mode: 'revert' });
    expect(revert.body.changes).toMatchObject({ added: 0, modified: 1, removed: 0, keys: ['query.timeout'] });
    await finished(revert.body.id);
    expect(await values(PRODUCTION)).toMatchObject({
      'query.timeout': '120s',
      'ai.new-model': 'gpt-4-turbo',
    });
    const status = async (id: string) => (await dev('GET', `${PROMOTIONS}/${id}`)).body.status;
    expect([await status(first.id), await status(second.id)]).toEqual(['rolled_back', 'completed']);

    const third = await carriedOut({ promotionType: 'SELECTIVE', configIds: ['query.timeout'] });
    const restore = await dev('POST', `${PROMOTIONS}/${second.id}/rollback`);
    await finished(restore.body.id);
    expect(await status(third.id)).toBe('rolled_back');
    expect((await values(PRODUCTION))['query.timeout']).toBe('180s');
    expect((await snapshot(PRODUCTION)).root).not.toBe(before.root);
  });

  it('that would undo what others changed since is refused as a revert, naming the keys', async () => {
    const first = await carriedOut();
    await world.as('admin')('PUT', `${PRODUCTION}/configs/query.timeout`, { value: '7s', reason: 'x' });
    expect(await dev('POST', `${PROMOTIONS}/${first.id}/rollback`, { mode: 'revert' })).toMatchObject({
      status: 409,
      body: { code: 'target_moved', conflicts: ['query.timeout'] },
    });
  });

  it('takes a promoter, and a completed promotion', async () => {
    const open = (await ask()).body;
    expect((await dev('POST', `${PROMOTIONS}/${open.id}/rollback`)).status).toBe(409);
    expect((await world.as('viewer')('POST', `${PROMOTIONS}/${open.id}/rollback`)).status).toBe(403);
    expect((await world.as('carol')('POST', `${PROMOTIONS}/${open.id}/rollback`)).status).toBe(404);
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
