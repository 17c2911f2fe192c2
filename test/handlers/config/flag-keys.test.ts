import { beforeEach, describe, expect, it } from 'vitest';
import { addDuration } from '../../../functions/domain/instant.ts';
import { flagKeyRoutes } from '../../../functions/handlers/http/flag-key-routes.ts';
import { flagsHandler } from '../../../functions/handlers/http/flags-handler.ts';
import { httpHandler } from '../../../functions/handlers/http/stack.ts';
import type { Noun } from '../../../functions/ports/catalog-store.ts';
import { ACME } from '../api-world.ts';
import { type Answer, answered, type Signer } from '../event.ts';
import { testLog } from '../log.ts';
import { flag } from './promotion-stage.ts';
import { configWorld, STAGING } from './world.ts';

const FLAGS = '/ofrep/v1/evaluate/flags';
const PAGE = 'https://app.acme.com';

let world: Awaited<ReturnType<typeof configWorld>>;
let keys: (method: string, path: string, body?: unknown, signer?: Signer) => Promise<Answer>;
let ask: (
  headers: Record<string, string>,
  more?: { path?: string; method?: string; context?: object; signer?: Signer },
) => Promise<Answer>;

beforeEach(async () => {
  world = await configWorld();
  const administer = httpHandler(flagKeyRoutes, () => ({ ...world.deps, allowLoopback: false }), testLog());
  keys = (method, path, body, signer = { sub: 'admin' }) =>
    answered(administer, { method, path, signer, ...(body === undefined ? {} : { body }) });
  const provider = { subjectOf: async (token: string) => (token === 'token-of-dev' ? 'dev' : undefined) };
  const evaluate = flagsHandler(() => ({ ...world.deps, provider }), testLog());
  ask = (headers, { path = FLAGS, method = 'POST', context = {}, signer } = {}) =>
    answered(evaluate, {
      method,
      path,
      headers,
      signer,
      ...(method === 'POST' ? { body: { context } } : {}),
    });
  const secret = { ...flag('secret.flag'), sensitive: true };
  const put = [flag('off.flag', false), flag('on.flag'), secret];
  expect(await world.as('dev')('POST', `${STAGING}/batch`, { put })).toMatchObject({ status: 200 });
});

async function create(more: object = {}): Promise<{ id: string; key: string }> {
  const given = { name: 'web', environment: 'stg', type: 'server', ...more };
  const created = await keys('POST', '/api/v1/flag-keys', given);
  expect(created.status, JSON.stringify(created.body)).toBe(201);
  return created.body;
}
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const served = ({ body }: Answer) =>
  body.flags.map(({ key, value }: { key: string; value?: unknown }) => [key, value]);

describe('a flag key', () => {
  it('is shown once, says where it opens, and is stored hashed', async () => {
    const { id, key } = await create();
    expect(key).toMatch(new RegExp(`^sluice-key~${ACME}~staging~${id}~[A-Za-z0-9_-]{43}$`));
    const view = await keys('GET', `/api/v1/flag-keys/${id}`);
    expect(view.body).toMatchObject({ id, environment: 'staging', type: 'server', last_used_at: null });
    const secret = key.split('~').at(-1) ?? '';
    const stored = await world.deps.catalog.item(ACME, 'flag_key', id);
    for (const seen of [view.body, stored, await world.deps.changes.newest(ACME)]) {
      expect(JSON.stringify(seen)).not.toContain(secret);
    }
    expect(JSON.stringify(await world.deps.changes.newest(ACME))).not.toContain('secret_digest');
  });

  it.each([
    ['Authorization', (key: string) => ({ authorization: `Bearer ${key}` })],
    ['X-API-Key', (key: string) => ({ 'x-api-key': key })],
  ])('evaluates with a URL and nothing else, in %s', async (_, headers) => {
    const { key } = await create();
    const all = await ask(headers(key));
    expect(all.status).toBe(200);
    expect(served(all)).toEqual([
      ['off.flag', undefined],
      ['on.flag', true],
      ['secret.flag', true],
    ]);
    const one = await ask(headers(key), { path: `${FLAGS}/on.flag` });
    expect(one.body).toEqual({ key: 'on.flag', reason: 'STATIC', variant: 'on', value: true });
    expect(await ask(headers(key), { path: `${FLAGS}/none` })).toMatchObject({
      status: 404,
      body: { key: 'none', errorCode: 'FLAG_NOT_FOUND' },
    });
  });

  it('is spared what its client has, and sees a change with the next poll', async () => {
    const { key } = await create();
    const first = await ask(bearer(key));
    const has = { ...bearer(key), 'if-none-match': String(first.headers['etag']) };
    expect((await ask(has)).status).toBe(304);
    expect((await ask(has, { context: { targetingKey: 'a' } })).status).toBe(200);
    await world.as('dev')('PUT', `${STAGING}/flags/new`, {
      enabled: true,
      variants: { on: 1 },
      defaultVariant: 'on',
    });
    expect(served(await ask(has))).toContainEqual(['new', 1]);
  });

  it('of a browser withholds sensitive values, and answers its own origins alone', async () => {
    const { key } = await create({ type: 'browser', allowed_origins: [PAGE, 'http://localhost:3000'] });
    const page = await ask({ ...bearer(key), origin: PAGE });
    expect(page).toMatchObject({
      status: 200,
      headers: { 'access-control-allow-origin': PAGE, vary: 'Origin' },
    });
    expect(page.headers['access-control-expose-headers']).toContain('ETag');
    expect(
      JSON.stringify(page.body.flags.find(({ key: name }: { key: string }) => name === 'secret.flag')),
    ).not.toContain('true');
    const other = await ask({ ...bearer(key), origin: 'https://evil.example' });
    expect(other).toMatchObject({ status: 403, body: { errorCode: 'GENERAL' } });
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    expect((await ask(bearer(key))).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('of a server answers no page', async () => {
    const { key } = await create();
    expect(await ask({ ...bearer(key), origin: PAGE })).toMatchObject({ status: 403 });
  });

  it('is of no use once it is revoked, in other environments, with another secret, or to scrape', async () => {
    const { id, key } = await create();
    const other = await create({ environment: 'production' });
    const secret = other.key.split('~').at(-1);
    const scrape = await create({ type: 'scrape' });
    const wrong = [
      key.replace('~staging~', '~production~'),
      key.replace(`~${ACME}~`, '~globex~'),
      `${key.slice(0, key.lastIndexOf('~'))}~${secret}`,
      `${key}~more`,
      key.slice(0, -1),
      'sluice-key~~~~',
      'sluice-key~a#b~staging~key-1~x',
      scrape.key,
    ];
    for (const one of wrong) {
      const answer = await ask({ 'x-api-key': one });
      expect(answer, one).toMatchObject({
        status: 401,
        body: { code: 'unauthenticated', errorCode: 'GENERAL' },
      });
    }
    expect((await ask(bearer(key))).status).toBe(200);
    expect((await keys('DELETE', `/api/v1/flag-keys/${id}`)).status).toBe(204);
    expect((await ask(bearer(key))).status).toBe(401);
  });

  it('says when it was last used, at most hourly', async () => {
    const { id, key } = await create();
    const used = async () => (await keys('GET', '/api/v1/flag-keys')).body.items[0].last_used_at;
    world.at('2026-11-22T10:00:00.000Z');
    await ask(bearer(key));
    expect(await used()).toBe('2026-11-22T10:00:00.000Z');
    world.at('2026-11-22T10:59:00.000Z');
    await ask(bearer(key));
    expect(await used()).toBe('2026-11-22T10:00:00.000Z');
    world.at('2026-11-22T11:00:00.000Z');
    await ask(bearer(key));
    expect(await used()).toBe('2026-11-22T11:00:00.000Z');
    expect((await keys('GET', `/api/v1/flag-keys/${id}`)).body.last_used_at).toBe('2026-11-22T11:00:00.000Z');
  });

  it('reads key and head in one round, and no more for a 304', async () => {
    const { key } = await create();
    const first = await ask(bearer(key));
    const reads: string[] = [];
    const { catalog, heads } = world.deps;
    const deps = {
      ...world.deps,
      catalog: {
        ...catalog,
        item: async <N extends Noun>(tenant: string, noun: N, id: string) => {
          reads.push('key');
          return await catalog.item(tenant, noun, id);
        },
      },
      heads: {
        ...heads,
        read: async (...given: Parameters<typeof heads.read>) => {
          // The other read was begun before this one ended.
          expect(reads).toEqual(['key']);
          reads.push('head');
          return await heads.read(...given);
        },
      },
      nodes: {
        ...world.deps.nodes,
        reader: () => {
          throw new Error('a node was read');
        },
      },
      provider: { subjectOf: async () => undefined },
    };
    const handler = flagsHandler(() => deps, testLog());
    const headers = { ...bearer(key), 'if-none-match': String(first.headers['etag']) };
    const again = await answered(handler, { method: 'POST', path: FLAGS, headers, body: { context: {} } });
    expect(again.status).toBe(304);
    expect(reads).toEqual(['key', 'head']);
  });
});

describe('a client that streams', () => {
  it('hears of a new ticket before its own is over, although no flag changed', async () => {
    const { key } = await create();
    const deps = {
      ...world.deps,
      provider: { subjectOf: async () => undefined },
      streamUrl: 'https://s.example/',
    };
    const handler = flagsHandler(() => deps, testLog());
    const asked = (headers: Record<string, string>) =>
      answered(handler, { method: 'POST', path: FLAGS, headers, body: { context: {} } });
    const first = await asked(bearer(key));
    const [{ url }] = first.body.eventStreams;
    const has = { ...bearer(key), 'if-none-match': String(first.headers['etag']) };
    expect((await asked(has)).status).toBe(304);
    world.at(addDuration(world.deps.clock.now(), 'PT49H'));
    const later = await asked(has);
    expect(later.status).toBe(200);
    expect(later.body.eventStreams[0].url).not.toBe(url);
  });
});

describe('a preflight', () => {
  it.each([PAGE, 'https://evil.example', 'http://localhost:5173'])(
    'from %s carries no key and is answered',
    async (origin) => {
      expect(await ask({ origin }, { method: 'OPTIONS' })).toMatchObject({
        status: 204,
        headers: {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'POST',
          'access-control-allow-headers': expect.stringContaining('X-API-Key'),
        },
      });
    },
  );

  it.each(['http://app.acme.com', 'null', 'https://app.acme.com/path'])(
    'from %s is told of no origin',
    async (origin) => {
      const answer = await ask({ origin }, { method: 'OPTIONS' });
      expect(answer.status).toBe(204);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    },
  );
});

describe('who comes without a key', () => {
  it('is known by an access token, which the function checks, or by what the gateway checked', async () => {
    const staging = { 'x-sluice-environment': 'staging' };
    expect((await ask({ ...bearer('token-of-dev'), ...staging })).status).toBe(200);
    expect((await ask(staging, { signer: { sub: 'dev' } })).status).toBe(200);
    for (const headers of [staging, { ...bearer('forged'), ...staging }]) {
      expect(await ask(headers)).toMatchObject({ status: 401, body: { errorCode: 'GENERAL' } });
    }
  });
});

describe('creating a flag key', () => {
  it.each([
    ['of a browser without origins', { type: 'browser' }],
    ['of a server with origins', { allowed_origins: [PAGE] }],
    ['with a path for an origin', { type: 'browser', allowed_origins: [`${PAGE}/x`] }],
    ['with any origin', { type: 'browser', allowed_origins: ['*'] }],
    ['with an origin without TLS', { type: 'browser', allowed_origins: ['http://app.acme.com'] }],
    ['of no type', { type: 'client' }],
    ['without a name', { name: '' }],
  ])('is refused %s', async (_, more) => {
    const given = { name: 'web', environment: 'staging', type: 'server', ...more };
    expect(await keys('POST', '/api/v1/flag-keys', given)).toMatchObject({ status: 400 });
  });

  it('takes an admin of the environment, and an environment that is there', async () => {
    const given = { name: 'web', environment: 'staging', type: 'server' };
    expect(await keys('POST', '/api/v1/flag-keys', given, { sub: 'dev' })).toMatchObject({ status: 403 });
    expect(await keys('POST', '/api/v1/flag-keys', { ...given, environment: 'qa' })).toMatchObject({
      status: 404,
    });
    const { id } = await create();
    expect(await keys('DELETE', `/api/v1/flag-keys/${id}`, undefined, { sub: 'dev' })).toMatchObject({
      status: 403,
    });
    expect(await keys('GET', `/api/v1/flag-keys/${id}`, undefined, { sub: 'carol' })).toMatchObject({
      status: 404,
    });
    expect(await world.deps.changes.newest(ACME)).toMatchObject({
      action: 'create',
      target: { type: 'flag_key', id },
    });
  });
});
