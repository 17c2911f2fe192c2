import { beforeEach, describe, expect, it } from 'vitest';
import { collectGarbage } from '../../../functions/use-cases/config/collect-garbage.ts';
import { entry, flag } from './promotion-stage.ts';
import { ACME, type ConfigWorld, configWorld, PRODUCTION, STAGING } from './world.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-21T09:00:00.000Z');

let world: ConfigWorld;
let dev: ReturnType<ConfigWorld['as']>;
beforeEach(async () => {
  world = await configWorld();
  dev = world.as('dev');
});

const numbered = (from: number, to: number, value: unknown = 'v') =>
  Array.from({ length: to - from }, (_, n) => entry(`key.${String(from + n).padStart(6, '0')}`, value));
const part = (entries: readonly object[], stage?: string, environment = STAGING) =>
  dev('POST', `${environment}/import/parts`, { entries, ...(stage === undefined ? {} : { stage }) });
const staged = async (entries: readonly object[], stage?: string): Promise<string> => {
  const answer = await part(entries, stage);
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body.stage;
};
const commit = (stage: string, more: object = {}, headers: Record<string, string> = {}) =>
  dev('POST', `${STAGING}/import/commit`, { stage, ...more }, headers);
const head = async () => (await dev('GET', `${STAGING}/snapshot?limit=1`)).body;
const at = (hours: number) => world.at(new Date(START + hours * HOUR).toISOString());

describe('an import in parts', () => {
  it('of 50,000 entries shows nothing until it is committed, as one revision', async () => {
    await dev('POST', `${STAGING}/batch`, { put: [entry('kept', 1), entry('key.000007', 'old')] });
    let stage: string | undefined;
    for (let from = 0; from < 50_000; from += 10_000)
      stage = await staged(numbered(from, from + 10_000), stage);
    expect((await head()).revision).toBe(1);
    const done = await commit(stage ?? '', { reason: 'moved here' });
    expect(done).toMatchObject({ status: 200, body: { revision: 2, changed: 50_000 } });
    const [revision] = (await dev('GET', `${STAGING}/revisions`)).body.items;
    expect(revision).toMatchObject({ reason: 'moved here', changes: { added: 49_999, modified: 1 } });
    expect((await dev('GET', `${STAGING}/configs/kept`)).status).toBe(200);
  });

  it('gives the root that one import of all would give, long values too', async () => {
    const all = [...numbered(0, 300), entry('long', 'x'.repeat(9_000)), flag('a.flag')];
    const stage = await staged(all.slice(150), await staged(all.slice(0, 150)));
    const { root } = (await commit(stage)).body;
    await dev('POST', '/api/v1/config/environments/development/import', { entries: all });
    const other = (await dev('GET', '/api/v1/config/environments/development/snapshot?limit=1')).body;
    expect(other.root).toBe(root);
  });

  it('takes a part again, and a commit again, as if it were the first time', async () => {
    const first = await staged(numbered(0, 100));
    const second = await staged(numbered(100, 200), first);
    expect(await staged(numbered(100, 200), first)).toBe(second);
    expect(await staged(numbered(100, 200), second)).toBe(second);
    expect((await commit(second)).body).toMatchObject({ revision: 1, changed: 200 });
    expect((await commit(second)).body).toMatchObject({ revision: 1, changed: 0 });
  });

  it('refuses a key that an earlier part has with another value', async () => {
    const stage = await staged(numbered(0, 10));
    expect(await part(numbered(9, 12, 'other'), stage)).toMatchObject({
      status: 400,
      body: { key: 'key.000009' },
    });
  });

  it('loses nothing that others write meanwhile, and honours If-Match', async () => {
    const stage = await staged(numbered(0, 10));
    const { root } = await head();
    await dev('PUT', `${STAGING}/configs/meanwhile`, { value: 1 });
    expect((await commit(stage, {}, { 'if-match': `"${root}"` })).status).toBe(412);
    expect((await commit(stage)).status).toBe(200);
    expect((await dev('GET', `${STAGING}/configs/meanwhile`)).status).toBe(200);
  });

  it('is for one environment, of one tenant, and nobody can make one up', async () => {
    const stage = await staged(numbered(0, 10));
    const [root, count, until, seal] = stage.split('~');
    const made = [
      'nonsense',
      [root, count, '2030-01-01T00:00:00.000Z', seal].join('~'),
      [root, '11', until, seal].join('~'),
      [(await head()).root, count, until, seal].join('~'),
    ];
    for (const text of made) expect((await commit(text)).status).toBe(400);
    const elsewhere = `${PRODUCTION}/import/commit`;
    expect((await dev('POST', elsewhere, { stage })).status).toBe(400);
    expect((await world.as('carol')('POST', `${STAGING}/import/commit`, { stage })).status).toBe(400);
    expect((await world.as('viewer')('POST', `${STAGING}/import/commit`, { stage })).status).toBe(403);
    expect((await commit(stage)).status).toBe(200);
  });

  it('is forgotten half a day after it was begun, and its nodes are swept', async () => {
    const first = await staged(numbered(0, 1000, 'abandoned'));
    at(11);
    const second = await staged(numbered(1000, 2000), first);
    at(11.9);
    expect((await collectGarbage(world.deps, ACME)).removed).toBe(0);
    at(12);
    expect(await commit(second)).toMatchObject({ status: 409, body: { code: 'expired' } });
    expect(await part(numbered(0, 1), second)).toMatchObject({ status: 409 });
    at(48);
    expect((await collectGarbage(world.deps, ACME)).removed).toBeGreaterThan(5);
  });

  it('committed just before it is forgotten keeps every node', async () => {
    const stage = await staged(numbered(0, 2000));
    at(11.9);
    const { root } = (await commit(stage)).body;
    at(24.1);
    await collectGarbage(world.deps, ACME);
    at(100 * 24);
    await collectGarbage(world.deps, ACME);
    const snapshot = await dev('GET', `${STAGING}/snapshot?limit=1000`);
    expect(snapshot).toMatchObject({ status: 200, body: { root } });
    expect(snapshot.body.entries).toHaveLength(1000);
  });
});

describe('an export', () => {
  it('goes page by page at the root of the first page, whatever is edited meanwhile', async () => {
    await dev('POST', `${STAGING}/import`, { entries: numbered(0, 250) });
    const entries: unknown[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page += 1) {
      const path: string = `${STAGING}/export?limit=100${cursor && `&cursor=${cursor}`}`;
      const { body } = await dev('GET', path);
      expect(body.revision).toBe(1);
      entries.push(...body.entries);
      cursor = body.nextCursor;
      await dev('POST', `${STAGING}/import`, { entries: numbered(0, 250, `edited ${page}`) });
    }
    expect(entries).toEqual(numbered(0, 250));
  });
});
