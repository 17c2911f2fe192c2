import { beforeAll, describe, expect, it } from 'vitest';
import { entryId } from '../../../functions/domain/config-tree/entry-id.ts';
import { ACME, type ConfigWorld, configWorld, PRODUCTION, STAGING } from './world.ts';

let world: ConfigWorld;
beforeAll(async () => {
  world = await configWorld();
});

const flag = { enabled: true, variants: { on: true, off: false }, defaultVariant: 'off' };
const SECRET = 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:sluice/acme/db';

describe('an entry', () => {
  it('is set, read and deleted, with slashes and dots in its key', async () => {
    const dev = world.as('dev');
    const key = 'team/query.timeout-ms';
    const put = await dev('PUT', `${STAGING}/configs/${key}`, { value: { max: '180s', list: [1, null] } });
    expect(put).toMatchObject({ status: 200, body: { environment: 'staging', revision: 1, changed: 1 } });
    const got = await dev('GET', `/api/v1/config/environments/stg/configs/${key}`);
    expect(got.body.entry).toEqual({
      kind: 'config',
      id: entryId(ACME, 'config', key),
      key,
      value: { max: '180s', list: [1, null] },
    });
    expect(got.headers['etag']).toBe(put.headers['etag']);
    expect(
      (await dev('PUT', `${STAGING}/configs/${key}`, { value: { list: [1, null], max: '180s' } })).body,
    ).toMatchObject({
      changed: 0,
      revision: 1,
    });
    expect((await dev('DELETE', `${STAGING}/configs/${key}`)).body).toMatchObject({
      changed: 1,
      revision: 2,
    });
    expect((await dev('GET', `${STAGING}/configs/${key}`)).status).toBe(404);
  });

  it('is a flag with its variants, or the name of a secret, and never both a value and a secret', async () => {
    const dev = world.as('dev');
    expect((await dev('PUT', `${STAGING}/flags/new-ui`, flag)).status).toBe(200);
    expect((await dev('GET', `${STAGING}/flags/new-ui`)).body.entry).toMatchObject({
      ...flag,
      targeting: null,
    });
    expect((await dev('GET', `${STAGING}/configs/new-ui`)).status).toBe(404);
    expect((await dev('PUT', `${STAGING}/configs/db`, { secretRef: SECRET })).status).toBe(200);
    expect((await dev('GET', `${STAGING}/configs/db`)).body.entry).toMatchObject({ secretRef: SECRET });
    expect((await dev('PUT', `${STAGING}/configs/db`, { secretRef: 'hunter2' })).status).toBe(400);
    expect((await dev('PUT', `${STAGING}/configs/db`, { secretRef: SECRET, value: 1 })).status).toBe(400);
  });

  it('is at most 64 KB, however it is spelled', async () => {
    const dev = world.as('dev');
    const fits = 'x'.repeat(64 * 1024 - 2);
    expect((await dev('PUT', `${STAGING}/configs/long`, { value: fits })).status).toBe(200);
    expect((await dev('GET', `${STAGING}/configs/long`)).body.entry.value).toBe(fits);
    expect((await dev('PUT', `${STAGING}/configs/long`, { value: `${fits}y` })).status).toBe(400);
    expect((await dev('PUT', `${STAGING}/configs/long`, { value: 'z'.repeat(200_000) })).status).toBe(413);
  });

  it.each([
    ['a key that begins with a dot', `${STAGING}/configs/.hidden`, { value: 1 }],
    ['a key with a space', `${STAGING}/configs/a%20b`, { value: 1 }],
    ['a key of 257', `${STAGING}/configs/${'k'.repeat(257)}`, { value: 1 }],
    ['an unknown field', `${STAGING}/configs/a`, { value: 1, author: 'me' }],
    ['no value', `${STAGING}/configs/a`, {}],
    ['a default that is no variant', `${STAGING}/flags/a`, { ...flag, defaultVariant: 'maybe' }],
    [
      'targeting of an unknown variant',
      `${STAGING}/flags/a`,
      { ...flag, targeting: { otherwise: { variant: 'x' } } },
    ],
    [
      'a split without weight',
      `${STAGING}/flags/a`,
      { ...flag, targeting: { otherwise: { split: [{ variant: 'on', weight: 0 }] } } },
    ],
  ])('is refused: %s', async (_, path, body) => {
    expect(await world.as('dev')('PUT', path, body)).toMatchObject({
      status: 400,
      body: { code: 'invalid_request' },
    });
  });
});

describe('a protected environment', () => {
  it('takes its first entries from a developer and then only from an admin with a reason', async () => {
    expect((await world.as('dev')('PUT', `${PRODUCTION}/configs/a`, { value: 1 })).status).toBe(200);
    expect(await world.as('dev')('PUT', `${PRODUCTION}/configs/a`, { value: 2 })).toMatchObject({
      status: 409,
      body: { code: 'protected' },
    });
    expect((await world.as('admin')('PUT', `${PRODUCTION}/configs/a`, { value: 2 })).status).toBe(409);
    const reasoned = await world.as('admin')('PUT', `${PRODUCTION}/configs/a`, {
      value: 2,
      reason: 'incident 7',
    });
    expect(reasoned.status).toBe(200);
    const { items } = (await world.as('viewer')('GET', `${PRODUCTION}/revisions`)).body;
    expect(items[0]).toMatchObject({
      revision: 2,
      cause: 'edit',
      reason: 'incident 7',
      actor: { subject: 'admin', kind: 'person', email: 'admin@acme.com' },
      changes: { added: 0, modified: 1, removed: 0, keys: ['a'] },
    });
  });

  it('is edited by nobody without the role, and by nobody of another tenant', async () => {
    expect((await world.as('viewer')('PUT', `${STAGING}/configs/a`, { value: 1 })).status).toBe(403);
    expect((await world.as('nobody')('GET', `${STAGING}/snapshot`)).status).toBe(403);
    expect((await world.as('carol')('GET', `${PRODUCTION}/configs/a`)).status).toBe(404);
    expect((await world.as('dev')('GET', '/api/v1/config/environments/nowhere/snapshot')).status).toBe(404);
  });
});

describe('a batch', () => {
  it('is one revision, all or nothing, and each key once', async () => {
    const dev = world.as('dev');
    const before = (await dev('GET', `${STAGING}/snapshot`)).body;
    const put = Array.from({ length: 1000 }, (_, n) => ({ kind: 'config', key: `batch.${n}`, value: n }));
    const done = await dev('POST', `${STAGING}/batch`, { put });
    expect(done.body).toMatchObject({ changed: 1000, revision: before.revision + 1 });
    expect((await dev('POST', `${STAGING}/batch`, { put: [...put, ...put.slice(0, 1)] })).status).toBe(400);
    const twice = { put: [put[0]], delete: [{ kind: 'config', key: 'batch.0' }] };
    expect((await dev('POST', `${STAGING}/batch`, twice)).status).toBe(400);
    const bad = {
      put: [
        { kind: 'config', key: 'fine', value: 1 },
        { ...flag, kind: 'flag', key: 'f', defaultVariant: 'x' },
      ],
    };
    expect((await dev('POST', `${STAGING}/batch`, bad)).status).toBe(400);
    expect((await dev('GET', `${STAGING}/configs/fine`)).status).toBe(404);
    const away = await dev('POST', `${STAGING}/batch`, {
      delete: put.map(({ kind, key }) => ({ kind, key })),
    });
    expect(away.body).toMatchObject({ changed: 1000, root: before.root });
  });

  it('is made only of the root that it names', async () => {
    const dev = world.as('dev');
    const { root } = (await dev('GET', `${STAGING}/snapshot`)).body;
    const put = { put: [{ kind: 'config', key: 'guarded', value: 1 }] };
    const stale = `"sha256:${'0'.repeat(64)}"`;
    expect((await dev('POST', `${STAGING}/batch`, put, { 'if-match': stale })).status).toBe(412);
    expect((await dev('POST', `${STAGING}/batch`, put, { 'if-match': `"${root}"` })).status).toBe(200);
    expect(
      (
        await dev(
          'POST',
          `${STAGING}/batch`,
          { put: [{ ...put.put[0], value: 2 }] },
          { 'if-match': `"${root}"` },
        )
      ).status,
    ).toBe(412);
  });

  it('loses nobody among 32 who write at once', async () => {
    const writes = Array.from({ length: 32 }, (_, n) =>
      world.as('dev')('PUT', `${STAGING}/configs/at-once.${n}`, { value: n }),
    );
    const revisions = (await Promise.all(writes)).map(({ status, body }) => {
      expect(status).toBe(200);
      return body.revision;
    });
    expect(new Set(revisions).size).toBe(32);
    const { items } = (await world.as('dev')('GET', `${STAGING}/configs?prefix=at-once.&limit=100`)).body;
    expect(items).toHaveLength(32);
  });
});

describe('a snapshot', () => {
  it('has the root as its ETag, answers 304 to whoever has it, and stays at its root over pages', async () => {
    const dev = world.as('dev');
    const put = Array.from({ length: 30 }, (_, n) => ({
      kind: 'config',
      key: `page.${String(n).padStart(2, '0')}`,
      value: n,
    }));
    await dev('POST', `${STAGING}/batch`, { put });
    const first = await dev('GET', `${STAGING}/snapshot?limit=10&prefix=page.`);
    const etag = String(first.headers['etag']);
    expect(etag).toContain(`"${first.body.root}.`);
    expect(await dev('GET', `${STAGING}/snapshot`, undefined, { 'if-none-match': etag })).toMatchObject({
      status: 304,
      body: null,
    });
    await dev('PUT', `${STAGING}/configs/page.15`, { value: 'changed meanwhile' });
    expect((await dev('GET', `${STAGING}/snapshot`, undefined, { 'if-none-match': etag })).status).toBe(200);
    const entries = [...first.body.entries];
    let { nextCursor } = first.body;
    while (nextCursor !== null) {
      const { body } = await dev('GET', `${STAGING}/snapshot?limit=10&prefix=page.&cursor=${nextCursor}`);
      expect(body.root).toBe(first.body.root);
      entries.push(...body.entries);
      nextCursor = body.nextCursor;
    }
    expect(entries.map(({ value }) => value)).toEqual(put.map(({ value }) => value));
    expect((await dev('GET', `${STAGING}/snapshot?prefix=page.&cursor=bm9uc2Vuc2U`)).status).toBe(400);
    expect((await dev('GET', `${STAGING}/snapshot?cursor=${first.body.nextCursor}`)).status).toBe(400);
  });
});

describe('import and export', () => {
  const dev = (...args: Parameters<ReturnType<ConfigWorld['as']>>) => world.as('dev')(...args);
  const DEVELOPMENT = '/api/v1/config/environments/dev';

  it('carries an environment over as JSON, secrets and flags included', async () => {
    const { entries } = (await dev('GET', `${STAGING}/export`)).body;
    expect(entries.length).toBeGreaterThan(30);
    const done = await dev('POST', `${DEVELOPMENT}/import`, { entries });
    expect(done.body).toMatchObject({ changed: entries.length, revision: 1 });
    const [a, b] = [await dev('GET', `${STAGING}/snapshot`), await dev('GET', `${DEVELOPMENT}/snapshot`)];
    expect(b.body.root).toBe(a.body.root);
  });

  it('reads .env and YAML, and writes what it reads', async () => {
    const text =
      '# settings\nexport QUERY_TIMEOUT=180s\nGREETING="say \\"hi\\"\\nthere" # twice\nEMPTY=\nPLAIN=a b # c\nRAW=\'$x\'\n';
    await dev('POST', `${DEVELOPMENT}/import`, { format: 'env', text, prefix: 'env.' });
    const got = async (key: string) => (await dev('GET', `${DEVELOPMENT}/configs/${key}`)).body.entry.value;
    expect(await got('env.QUERY_TIMEOUT')).toBe('180s');
    expect(await got('env.GREETING')).toBe('say "hi"\nthere');
    expect(await got('env.EMPTY')).toBe('');
    expect(await got('env.PLAIN')).toBe('a b');
    expect(await got('env.RAW')).toBe('$x');
    const yaml = 'query:\n  timeout: 180s\n  retries: 3\nlist: [1, two]\non: yes\n';
    await dev('POST', `${DEVELOPMENT}/import`, { format: 'yaml', text: yaml, prefix: 'y.' });
    expect(await got('y.query.timeout')).toBe('180s');
    expect(await got('y.query.retries')).toBe(3);
    expect(await got('y.list')).toEqual([1, 'two']);
    for (const format of ['env', 'yaml']) {
      const { text: written } = (await dev('GET', `${DEVELOPMENT}/export?format=${format}`)).body;
      const again = await dev('POST', `${DEVELOPMENT}/import`, { format, text: written });
      expect(again.status).toBe(200);
      if (format === 'yaml') expect(again.body.changed).toBe(0);
    }
  });

  it.each([
    ['env', 'no assignment'],
    ['env', '.hidden=1'],
    ['yaml', 'a: [1'],
    ['yaml', '- a\n- b'],
    ['yaml', 'a: &x [1]\nb: *x'],
    ['yaml', 'a: 1\na: 2'],
  ])('refuses a %s file that is not one: %s', async (format, text) => {
    expect((await dev('POST', `${DEVELOPMENT}/import`, { format, text })).status).toBe(400);
  });
});
