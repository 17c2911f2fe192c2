import { beforeEach, describe, expect, it } from 'vitest';
import { PROMOTIONS, type PromotionStage, promotionStage } from './promotion-stage.ts';
import { PRODUCTION, STAGING } from './world.ts';

const KEY = 'db.password';
const MASK = { sensitive: true, fingerprint: expect.stringMatching(/^sluice-hmac-sha256:[0-9a-f]{32}$/) };
const secret = (value: unknown) => ({ kind: 'config', key: KEY, value, sensitive: true });

let stage: PromotionStage;
beforeEach(async () => {
  stage = await promotionStage();
});

const admin = (method: string, path: string, body?: unknown, headers = {}) =>
  stage.world.as('admin')(method, path, body, headers);
const put = (body: object, environment = STAGING) =>
  stage.world.as('dev')('PUT', `${environment}/configs/${KEY}`, body);
/** What an admin, who may read it, is delivered. */
const delivered = async (environment = STAGING, key = KEY) => {
  const { status, body } = await admin('GET', `${environment}/configs/${key}`);
  return status === 200 ? [body.entry.value, body.entry.sensitive] : status;
};

describe('a sensitive value', () => {
  it('is delivered to people with the right, and masked for everybody else', async () => {
    const done = await put({ value: 'hunter2', sensitive: true });
    expect(done).toMatchObject({ status: 200, body: { entry: { value: MASK, sensitive: true } } });
    expect(await delivered()).toEqual(['hunter2', true]);
    const own = await stage.dev('GET', `${STAGING}/configs/${KEY}`);
    expect(own.body.entry).toMatchObject({ value: MASK, sensitive: true });
    for (const person of [stage.world.as('dev'), stage.world.as('admin')]) {
      const { items } = (await person('GET', `${STAGING}/configs?prefix=${KEY}`)).body;
      expect(items).toMatchObject([{ key: KEY, value: MASK, sensitive: true }]);
    }
  });

  it('is in the snapshot of who may read it; a masked snapshot has an ETag of its own, which edits take', async () => {
    await put({ value: 'hunter2', sensitive: true });
    const whole = await admin('GET', `${STAGING}/snapshot`);
    const masked = await stage.dev('GET', `${STAGING}/snapshot`);
    expect(JSON.stringify(whole.body)).toContain('hunter2');
    expect(JSON.stringify(masked.body)).not.toContain('hunter2');
    expect(masked.body.root).toBe(whole.body.root);
    const [etag, other] = [String(masked.headers['etag']), String(whole.headers['etag'])];
    expect(etag).not.toBe(other);
    const again = (tag: string, sub: string) =>
      stage.world.as(sub)('GET', `${STAGING}/snapshot`, undefined, { 'if-none-match': tag });
    expect((await again(etag, 'dev')).status).toBe(304);
    expect((await again(etag, 'admin')).status).toBe(200);
    expect((await again(other, 'admin')).status).toBe(304);
    const edit = await stage.dev('PUT', `${STAGING}/configs/x`, { value: 1 }, { 'if-match': etag });
    expect(edit.status).toBe(200);
  });

  it('keeps its mark when a new value says nothing of it, and loses it only when told', async () => {
    await put({ value: 'hunter2', sensitive: true });
    expect((await put({ value: 'hunter2' })).body).toMatchObject({ changed: 0, entry: { sensitive: true } });
    expect((await put({ value: 'swordfish' })).body.entry).toMatchObject({ value: MASK, sensitive: true });
    expect(await delivered()).toEqual(['swordfish', true]);
    const long = 'x'.repeat(5_000);
    expect((await put({ value: long })).body.entry.sensitive).toBe(true);
    expect(await delivered()).toEqual([long, true]);
    expect((await put({ value: 'x'.repeat(65_534) })).body).toMatchObject({ code: 'invalid_request' });
    expect((await put({ value: 'public', sensitive: false })).body.entry.value).toBe('public');
    expect((await put({ value: 'still' })).body.entry).toMatchObject({ value: 'still', sensitive: false });
  });

  it('keeps its mark through a flag that is set again, a batch, an import and a staged import', async () => {
    const flag = { enabled: true, variants: { on: 'hunter2', off: '' }, defaultVariant: 'off' };
    const path = `${STAGING}/flags/pay`;
    await stage.dev('PUT', path, { ...flag, sensitive: true });
    await stage.dev('PUT', path, { ...flag, enabled: false });
    expect((await stage.dev('GET', path)).body.entry).toMatchObject({
      enabled: false,
      variants: { on: MASK },
    });
    await put({ value: 'hunter2', sensitive: true });
    await stage.dev('POST', `${STAGING}/batch`, { put: [{ kind: 'config', key: KEY, value: 'two' }] });
    expect(await delivered()).toEqual(['two', true]);
    await stage.dev('POST', `${STAGING}/import`, { format: 'env', text: `${KEY}=three` });
    expect(await delivered()).toEqual(['three', true]);
    const part = { entries: [{ kind: 'config', key: KEY, value: `four ${'x'.repeat(4_000)}` }] };
    const { stage: at } = (await stage.dev('POST', `${STAGING}/import/parts`, part)).body;
    await stage.dev('POST', `${STAGING}/import/commit`, { stage: at });
    expect(await delivered()).toEqual([part.entries[0]?.value, true]);
  });

  it.each<[string, object]>([
    ['a value', { kind: 'config', key: KEY, value: 'MASK' }],
    ['a part of a value', { kind: 'config', key: 'other', value: { a: ['MASK'] } }],
    ['a variant', { kind: 'flag', key: 'f', enabled: true, variants: { on: 'MASK' }, defaultVariant: 'on' }],
  ])('is not overwritten by its own mask, given as %s', async (_, given) => {
    await put({ value: 'hunter2', sensitive: true });
    const { value } = (await stage.dev('GET', `${STAGING}/configs/${KEY}`)).body.entry;
    const entry = JSON.parse(JSON.stringify(given).replace('"MASK"', JSON.stringify(value)));
    for (const [path, body] of [
      ['batch', { put: [entry] }],
      ['import', { entries: [entry] }],
      ['import/parts', { entries: [entry] }],
    ] as const) {
      const refused = await stage.dev('POST', `${STAGING}/${path}`, body);
      expect(refused).toMatchObject({ status: 400, body: { code: 'masked_value' } });
    }
    expect(await delivered()).toEqual(['hunter2', true]);
  });

  it('is not asked for on the name of a secret, which is none', async () => {
    const secretRef = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:db';
    expect((await put({ secretRef, sensitive: true })).status).toBe(400);
    expect((await put({ secretRef })).status).toBe(200);
  });
});

describe('an export', () => {
  beforeEach(async () => {
    await put({ value: 'hunter2', sensitive: true });
  });
  const exported = (query: string, sub = 'admin') => stage.world.as(sub)('GET', `${STAGING}/export?${query}`);

  it('masks by default, and includes sensitive values for people with the right alone', async () => {
    for (const format of ['json', 'env', 'yaml']) {
      const text = JSON.stringify((await exported(`format=${format}`)).body);
      expect(text).not.toContain('hunter2');
      expect(text).toContain('sluice-hmac-sha256');
      const whole = await exported(`format=${format}&sensitive=include`);
      expect(JSON.stringify(whole.body)).toContain('hunter2');
      expect((await exported(`format=${format}&sensitive=include`, 'dev')).status).toBe(403);
    }
  });

  it('as JSON goes back whole with its marks, and masked is refused', async () => {
    const { entries } = (await exported('sensitive=include')).body;
    const there = '/api/v1/config/environments/development';
    expect((await stage.dev('POST', `${there}/import`, { entries })).status).toBe(200);
    expect(await delivered(there)).toEqual(['hunter2', true]);
    const { root } = (await admin('GET', `${STAGING}/snapshot`)).body;
    expect((await admin('GET', `${there}/snapshot`)).body.root).toBe(root);
    const masked = (await exported('')).body.entries;
    const refused = await stage.dev('POST', `${STAGING}/import`, { entries: masked });
    expect(refused).toMatchObject({ status: 400, body: { code: 'masked_value', key: KEY } });
  });

  it.each(['env', 'yaml'])(
    'as %s goes back with its marks, and masked it changes nothing',
    async (format) => {
      const before = (await admin('GET', `${STAGING}/snapshot`)).body.root;
      const masked = (await exported(`format=${format}`)).body.text;
      expect((await stage.dev('POST', `${STAGING}/import`, { format, text: masked })).status).toBe(200);
      expect(await delivered()).toEqual(['hunter2', true]);
      if (format === 'yaml') expect((await admin('GET', `${STAGING}/snapshot`)).body.root).toBe(before);
      const { text } = (await exported(`format=${format}&sensitive=include`)).body;
      const there = '/api/v1/config/environments/development';
      expect((await stage.dev('POST', `${there}/import`, { format, text })).status).toBe(200);
      expect(await delivered(there)).toEqual(['hunter2', true]);
    },
  );
});

describe('a promotion', () => {
  const setUp = async () => {
    await stage.dev('POST', `${STAGING}/batch`, { put: [secret('new one')] });
    await admin('POST', `${PRODUCTION}/batch`, {
      put: [{ kind: 'config', key: KEY, value: 'old one' }],
      reason: 'the old way',
    });
  };
  const texts = async (id: string) => {
    const of = (path: string) => admin('GET', path).then(({ body }) => JSON.stringify(body));
    return await Promise.all([
      of(`${PROMOTIONS}/diff?source=staging&target=production`),
      of(`${PROMOTIONS}/${id}/changes`),
    ]);
  };

  it('masks both sides where either is sensitive, and takes the mark along', async () => {
    await setUp();
    const { body } = await stage.ask({ promotionType: 'SELECTIVE', configIds: [KEY] });
    for (const text of await texts(body.id)) {
      expect(text).toContain('sluice-hmac-sha256');
      expect(text).not.toMatch(/old one|new one/);
    }
    await stage.finished(body.id);
    expect(await delivered(PRODUCTION)).toEqual(['new one', true]);
    expect((await stage.dev('GET', `${PRODUCTION}/configs/${KEY}`)).body.entry.value).toEqual(MASK);
  });

  it.each(['restore', 'revert'])('is taken back by %s to the value and the mark there was', async (mode) => {
    await setUp();
    await stage.dev('POST', `${STAGING}/batch`, {
      put: [{ kind: 'config', key: 'query.timeout', value: '180s', sensitive: true }],
    });
    await admin('PUT', `${PRODUCTION}/configs/plain`, { value: 1, sensitive: true, reason: 'r' });
    const before = (await admin('GET', `${PRODUCTION}/snapshot`)).body.root;
    const { id } = await stage.carriedOut();
    expect(await delivered(PRODUCTION)).toEqual(['new one', true]);
    const back = await stage.rollBack(id, { mode, acknowledgeRisk: true });
    expect(back.status, JSON.stringify(back.body)).toBe(201);
    expect(JSON.stringify(back.body)).not.toMatch(/old one|new one/);
    await stage.finished(back.body.id);
    expect((await admin('GET', `${PRODUCTION}/snapshot`)).body.root).toBe(before);
  });

  it('merges around a target that moved, and voids where the same sensitive key did', async () => {
    await setUp();
    const { body } = await stage.ask({ promotionType: 'SELECTIVE', configIds: [KEY] });
    await stage.edit('unrelated', 1);
    await stage.finished(body.id);
    expect(await delivered(PRODUCTION)).toEqual(['new one', true]);
    expect(await delivered(PRODUCTION, 'unrelated')).toEqual([1, undefined]);
    await stage.dev('POST', `${STAGING}/batch`, { put: [secret('third')] });
    const next = (await stage.ask({ promotionType: 'SELECTIVE', configIds: [KEY] })).body;
    await stage.alice('POST', `${PROMOTIONS}/${next.id}/approve`);
    await stage.edit(KEY, 'meanwhile');
    const refused = await stage.dev('POST', `${PROMOTIONS}/${next.id}/execute`);
    expect(refused).toMatchObject({ status: 409, body: { code: 'target_moved' } });
    const moved = (await stage.dev('GET', `${PROMOTIONS}/${next.id}`)).body;
    expect(moved.status).not.toBe('completed');
    expect(JSON.stringify([moved, refused.body])).not.toMatch(/third|meanwhile|new one/);
    expect(await delivered(PRODUCTION)).toEqual(['meanwhile', true]);
  });
});
