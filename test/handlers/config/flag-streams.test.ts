import { beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import type { FlagKey } from '../../../functions/domain/flags/flag-key.ts';
import { keyText, secretDigest } from '../../../functions/domain/flags/flag-key.ts';
import { KEY_POLLS, LIFE, LOOK_MS, MOST_STREAMS } from '../../../functions/domain/flags/stream-event.ts';
import { ticketText } from '../../../functions/domain/flags/stream-ticket.ts';
import { flagStreamHandler } from '../../../functions/handlers/http/flag-stream-handler.ts';
import type { Noun } from '../../../functions/ports/catalog-store.ts';
import { ACME, GLOBEX, START } from '../api-world.ts';
import { CONTEXT, httpEvent } from '../event.ts';
import { testLog } from '../log.ts';
import { Client } from './stream-client.ts';
import { configWorld, STAGING } from './world.ts';

const SECRET = 's'.repeat(43);
const PATH = '/ofrep/v1/events';

let world: Awaited<ReturnType<typeof configWorld>>;
let counts: { peeks: number; heads: number; keys: number };
/** What happens in a pause, given how many there were before. */
let during: (pauses: number) => Promise<void>;
let now: number;
/** Streams that the installation allows. */
let reserved: number;
/** Whether the table does not answer. */
let broken: boolean;
const answering = (): void => {
  if (broken) throw new Fault('Unavailable', 'the table did not answer');
};

const keyOf = (more: Partial<FlagKey> = {}): FlagKey => ({
  ...{ id: 'key-1', name: 'web', environment: 'staging', type: 'server', allowed_origins: [] },
  ...{ secret_digest: secretDigest(SECRET), version: 1, created_at: START, updated_at: START },
  ...more,
});
const textOf = ({ id, environment }: FlagKey, tenant = ACME): string =>
  keyText({ tenant, environment, id, secret: SECRET });
const keep = (key: FlagKey, tenant = ACME) =>
  world.deps.transactions.commit(tenant, [
    { write: 'catalog', entry: { type: 'flag_key', item: key }, expected: 0 },
  ]);
const put = (value: number) => world.as('dev')('PUT', `${STAGING}/configs/a.b`, { value });

beforeEach(async () => {
  world = await configWorld();
  counts = { peeks: 0, heads: 0, keys: 0 };
  during = async () => {};
  now = Date.parse(START);
  reserved = 2 * MOST_STREAMS.tenant;
  broken = false;
  expect((await put(0)).status).toBe(200);
});

async function follow(
  headers: Record<string, string>,
  { client = new Client(), path = PATH, method = 'GET', remaining = 300_000 } = {},
): Promise<Client> {
  const { catalog, heads } = world.deps;
  let pauses = 0;
  const deps = {
    ...world.deps,
    reserved,
    clock: { now: () => new Date(now).toISOString() },
    random: () => 0.999,
    async sleep(ms: number) {
      await during(pauses);
      pauses += 1;
      now += ms;
    },
    catalog: {
      ...catalog,
      item: async <N extends Noun>(tenant: string, noun: N, id: string) => {
        counts.keys += 1;
        answering();
        return await catalog.item(tenant, noun, id);
      },
    },
    heads: {
      ...heads,
      async read(...given: Parameters<typeof heads.read>) {
        counts.heads += 1;
        return await heads.read(...given);
      },
      async peek(...given: Parameters<typeof heads.peek>) {
        counts.peeks += 1;
        answering();
        return await heads.peek(...given);
      },
    },
  };
  const handler = flagStreamHandler(
    () => deps,
    testLog(),
    (stream, { statusCode = 200, headers: sent = {} }) =>
      Object.assign(stream, { status: statusCode, headers: sent }),
  );
  const context = { ...CONTEXT, getRemainingTimeInMillis: () => remaining };
  await handler(httpEvent({ method, path, headers }), client, context);
  return client;
}
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

describe('a stream of changes', () => {
  it('begins with what is, names it again only when it changed, and says in between that it lives', async () => {
    await keep(keyOf());
    during = async (pauses) => {
      if (pauses === 10) await put(1);
      if (pauses === 20) await put(1);
    };
    const { status, text, ids } = await follow(bearer(textOf(keyOf())));
    expect(status).toBe(200);
    expect(text.startsWith('retry: 3000\n\nid: ')).toBe(true);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
    expect(text.match(/^:$/gm)?.length).toBeGreaterThan(15);
  });

  it('says nothing to a client that has heard of it, and everything else to one that has not', async () => {
    await keep(keyOf());
    const [id = ''] = (await follow(bearer(textOf(keyOf())))).ids;
    const known = { ...bearer(textOf(keyOf())), 'last-event-id': id };
    expect((await follow(known)).ids).toEqual([]);
    await put(7);
    const { ids } = await follow(known);
    expect(ids).toHaveLength(1);
    expect(ids).not.toEqual([id]);
  });

  it('ends by itself before the function would be stopped', async () => {
    await keep(keyOf());
    const { writableFinished } = await follow(bearer(textOf(keyOf())));
    expect(writableFinished).toBe(true);
    const lived = (now - Date.parse(START)) / 1000;
    expect(lived).toBeGreaterThan(LIFE.shortest);
    expect(lived).toBeLessThanOrEqual(LIFE.longest + LOOK_MS / 1000);
    now = Date.parse(START);
    await follow(bearer(textOf(keyOf())), { remaining: 60_000 });
    expect(now - Date.parse(START)).toBeLessThanOrEqual(60_000);
  });

  it('costs one eventual read each look, and the key once a minute', async () => {
    await keep(keyOf());
    await follow(bearer(textOf(keyOf())));
    const looks = Math.ceil(
      Math.floor(LIFE.shortest + 0.999 * (LIFE.longest - LIFE.shortest)) / (LOOK_MS / 1000),
    );
    expect(counts).toEqual({ peeks: looks, heads: 1, keys: 1 + Math.floor(looks / KEY_POLLS) });
  });

  it.each(['revoked', 'made anew'])('ends within a minute once its key is %s', async (how) => {
    await keep(keyOf());
    during = async (pauses) => {
      if (pauses !== 3) return;
      const item = keyOf({ secret_digest: secretDigest('t'.repeat(43)), version: 2 });
      const gone = await world.deps.transactions.commit(ACME, [
        how === 'revoked'
          ? { write: 'catalog_delete', type: 'flag_key', id: 'key-1', expected: 1 }
          : { write: 'catalog', entry: { type: 'flag_key', item }, expected: 1 },
      ]);
      expect(gone.committed).toBe(true);
    };
    await follow(bearer(textOf(keyOf())));
    expect(now - Date.parse(START)).toBeLessThanOrEqual(60_000);
  });

  it('goes on while the table does not answer, and tells what happened once it does', async () => {
    await keep(keyOf());
    during = async (pauses) => {
      broken = pauses >= 2 && pauses < 20;
      if (pauses === 5) await put(1);
    };
    const { ids, text } = await follow(bearer(textOf(keyOf())));
    expect(ids).toHaveLength(2);
    expect(text.match(/^:$/gm)?.length).toBeGreaterThan(10);
    expect((now - Date.parse(START)) / 1000).toBeGreaterThan(LIFE.shortest);
  });

  it('ends once nobody could say for two minutes whether its key stands', async () => {
    await keep(keyOf());
    during = async () => {
      broken = true;
    };
    expect((await follow(bearer(textOf(keyOf())))).writableFinished).toBe(true);
    expect(now - Date.parse(START)).toBe(2 * KEY_POLLS * LOOK_MS);
  });

  it('looks no further for a client that takes nothing, and then tells it the newest alone', async () => {
    await keep(keyOf());
    const client = new Client(false);
    const done = follow(bearer(textOf(keyOf())), { client });
    await turns();
    expect(counts.peeks).toBe(0);
    for (const value of [1, 2, 3]) await put(value);
    during = async () => void setImmediate(() => client.take());
    for (let takes = 0; takes < 4; takes += 1) {
      client.take();
      await turns();
    }
    expect(client.ids.length).toBeLessThanOrEqual(2);
    client.destroy();
    await done;
  });

  it('ends for a client that is gone', async () => {
    await keep(keyOf());
    const client = new Client();
    during = async (pauses) => {
      if (pauses === 4) client.destroy();
    };
    await follow(bearer(textOf(keyOf())), { client });
    expect(counts.peeks).toBeLessThanOrEqual(5 + 3);
  });
});

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('who opens a stream', () => {
  it('is a key of a server or a browser, or a ticket of one; not one of metrics', async () => {
    const scrape = keyOf({ id: 'key-2', type: 'scrape' });
    await keep(keyOf());
    await keep(scrape);
    const ticket = ticketText(ACME, keyOf(), START);
    expect((await follow({}, { path: `${PATH}?ticket=${ticket}` })).status).toBe(200);
    expect((await follow({ 'x-api-key': textOf(keyOf()) })).status).toBe(200);
    expect((await follow(bearer(textOf(scrape)))).status).toBe(401);
    expect((await follow({}, { path: `${PATH}?ticket=${ticketText(ACME, scrape, START)}` })).status).toBe(
      401,
    );
  });

  it('is not the key of another tenant with the same id', async () => {
    await keep(keyOf());
    expect((await follow(bearer(textOf(keyOf(), GLOBEX)))).status).toBe(401);
    const ticket = ticketText(GLOBEX, keyOf(), START);
    expect((await follow({}, { path: `${PATH}?ticket=${ticket}` })).status).toBe(401);
  });

  it.each([{}, bearer('token-of-dev'), bearer('sluice-key~acme'), { 'x-api-key': 'x'.repeat(100_000) }])(
    'costs no read where it is no key at all: %#',
    async (headers) => {
      expect((await follow(headers)).status).toBe(401);
      expect(counts).toEqual({ peeks: 0, heads: 0, keys: 0 });
    },
  );

  it('costs one round where it is a wrong one', async () => {
    await keep(keyOf());
    const wrong = keyText({ tenant: ACME, environment: 'staging', id: 'key-1', secret: 'x'.repeat(43) });
    expect((await follow(bearer(wrong))).status).toBe(401);
    expect(counts).toEqual({ peeks: 0, heads: 1, keys: 1 });
  });

  it('finds a bounded number of places for a key and for a tenant', async () => {
    const until = new Date(Date.parse(START) + 300_000).toISOString();
    const take = (id: string) =>
      world.deps.waits.begin(ACME, { id, until }, START, Number.POSITIVE_INFINITY, 'streams');
    for (let taken = 0; taken < MOST_STREAMS.key; taken += 1) await take(`key-1/${taken}`);
    await keep(keyOf());
    await keep(keyOf({ id: 'key-2' }));
    const full = await follow(bearer(textOf(keyOf())));
    expect([full.status, full.headers['retry-after']]).toEqual([503, '60']);
    expect(JSON.parse(full.text)).toMatchObject({ code: 'unavailable' });
    expect((await follow(bearer(textOf(keyOf({ id: 'key-2' }))))).status).toBe(200);
    for (let taken = MOST_STREAMS.key; taken < MOST_STREAMS.tenant; taken += 1) await take(`key-3/${taken}`);
    now = Date.parse(START);
    expect((await follow(bearer(textOf(keyOf({ id: 'key-2' }))))).status).toBe(503);
    // A process that died gives its places to time.
    now = Date.parse(until);
    expect((await follow(bearer(textOf(keyOf())))).status).toBe(200);
  });

  it('leaves other tenants half of what the installation allows', async () => {
    reserved = 3;
    const place = { id: 'key-2/a', until: '2999-01-01T00:00:00.000Z' };
    await world.deps.waits.begin(ACME, place, START, 9, 'streams');
    for (const tenant of [ACME, GLOBEX]) await keep(keyOf(), tenant);
    expect((await follow(bearer(textOf(keyOf())))).text).toContain('1 streams and a tenant 1 at once');
    expect((await follow(bearer(textOf(keyOf(), GLOBEX)))).status).toBe(200);
  });

  it.each([
    ['GET', '/ofrep/v1/evaluate/flags', 404],
    ['POST', PATH, 405],
    ['OPTIONS', PATH, 204],
  ])('asks %s %s in vain: %i', async (method, path, status) => {
    expect((await follow({ origin: 'https://app.acme.com' }, { method, path })).status).toBe(status);
  });

  it('is no page that the key does not name', async () => {
    const key = keyOf({ type: 'browser', allowed_origins: ['https://app.acme.com'] });
    await keep(key);
    const from = async (origin: string) => await follow({ ...bearer(textOf(key)), origin });
    expect((await from('https://app.acme.com')).headers['access-control-allow-origin']).toBe(
      'https://app.acme.com',
    );
    expect((await from('https://evil.example')).status).toBe(403);
  });
});
