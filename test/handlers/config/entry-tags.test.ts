import { beforeEach, describe, expect, it } from 'vitest';
import { type ConfigWorld, configWorld, STAGING } from './world.ts';

let world: ConfigWorld;
beforeEach(async () => {
  world = await configWorld();
});

const path = `${STAGING}/configs/a`;
const dev = (method: string, at: string, body?: unknown, headers: Record<string, string> = {}) =>
  world.as('dev')(method, at, body, headers);
const tagOf = async (at = path) => String((await dev('GET', at)).headers['etag']);

describe('the ETag of an entry', () => {
  it('guards the entry alone: another key may be edited meanwhile, not this one', async () => {
    const put = await dev('PUT', path, { value: 1 });
    const tag = await tagOf();
    expect(put.headers['etag']).toBe(tag);
    await dev('PUT', `${STAGING}/configs/b`, { value: 1 });
    expect((await dev('PUT', path, { value: 2 }, { 'if-match': tag })).status).toBe(200);
    expect(await tagOf()).not.toBe(tag);
    const stale = await dev('PUT', path, { value: 3 }, { 'if-match': tag });
    expect(stale).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
    expect(await tagOf()).toContain(`"${stale.body.etag}.`);
    const again = { 'if-match': `"${stale.body.etag}"` };
    expect((await dev('PUT', path, { value: 3 }, again)).status).toBe(200);
  });

  it('guards the deletion of the entry, and flags too', async () => {
    const flag = { enabled: true, variants: { on: true }, defaultVariant: 'on' };
    const at = `${STAGING}/flags/f`;
    await dev('PUT', at, flag);
    const tag = await tagOf(at);
    await dev('PUT', at, { ...flag, enabled: false });
    expect((await dev('DELETE', at, {}, { 'if-match': tag })).status).toBe(412);
    expect((await dev('DELETE', at, {}, { 'if-match': await tagOf(at) })).status).toBe(200);
  });

  it('saves reading what has not changed', async () => {
    await dev('PUT', path, { value: 1 });
    const tag = await tagOf();
    expect((await dev('GET', path, undefined, { 'if-none-match': tag })).status).toBe(304);
    // The answer says the revision and the root too: a batch with that root would be refused again and again.
    await dev('PUT', `${STAGING}/configs/b`, { value: 1 });
    const other = await dev('GET', path, undefined, { 'if-none-match': tag });
    expect(other).toMatchObject({ status: 200, body: { revision: 2 } });
    const batch = { put: [{ kind: 'config', key: 'c', value: 1 }] };
    const seen = { 'if-match': `"${other.body.root}"` };
    expect((await dev('POST', `${STAGING}/batch`, batch, seen)).status).toBe(200);
    const now = await tagOf();
    await dev('PUT', path, { value: 2 });
    expect((await dev('GET', path, undefined, { 'if-none-match': now })).status).toBe(200);
  });

  it('is matched by * where the entry is there, and by the root of the whole environment', async () => {
    expect((await dev('PUT', path, { value: 1 }, { 'if-match': '*' })).status).toBe(412);
    const { root } = (await dev('PUT', path, { value: 1 })).body;
    expect((await dev('PUT', path, { value: 2 }, { 'if-match': '*' })).status).toBe(200);
    expect((await dev('PUT', path, { value: 3 }, { 'if-match': `"${root}"` })).status).toBe(412);
    const now = (await dev('GET', `${STAGING}/snapshot`)).headers['etag'];
    expect((await dev('PUT', path, { value: 3 }, { 'if-match': String(now) })).status).toBe(200);
  });

  it('of a sensitive entry differs for readers who see its mask, and both guard an edit', async () => {
    await dev('PUT', path, { value: 'hunter2', sensitive: true });
    const [masked, whole] = [await tagOf(), String((await world.as('admin')('GET', path)).headers['etag'])];
    expect(masked).not.toBe(whole);
    expect((await dev('PUT', path, { value: 'two' }, { 'if-match': masked })).status).toBe(200);
    const again = String((await world.as('admin')('GET', path)).headers['etag']);
    expect((await dev('PUT', path, { value: 'three' }, { 'if-match': whole })).status).toBe(412);
    expect((await dev('PUT', path, { value: 'three' }, { 'if-match': again })).status).toBe(200);
  });

  it('lets one of many writers through who have seen the same entry', async () => {
    await dev('PUT', path, { value: 0 });
    const tag = await tagOf();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, n) => dev('PUT', path, { value: n + 1 }, { 'if-match': tag })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412, 412]);
  });
});
