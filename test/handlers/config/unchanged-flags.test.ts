import { beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../../functions/domain/faults.ts';
import { flagKeyRoutes } from '../../../functions/handlers/http/flag-key-routes.ts';
import { flagsHandler } from '../../../functions/handlers/http/flags-handler.ts';
import { httpHandler } from '../../../functions/handlers/http/stack.ts';
import { ACME } from '../api-world.ts';
import { type Answer, answered, type TestCall } from '../event.ts';
import { testLog } from '../log.ts';
import { flag } from './promotion-stage.ts';
import { configWorld, STAGING } from './world.ts';

let world: Awaited<ReturnType<typeof configWorld>>;
/** Reads of either side, and what the late ones do before they answer. */
let reads: { late: string[]; strong: string[] };
let late: () => void;
/** Whether the late reads show what was there before `behind` was called. */
let behind: () => Promise<void>;
let ask: (headers: NonNullable<TestCall['headers']>) => Promise<Answer>;
let administer: (method: string, path: string, body?: object) => Promise<Answer>;

beforeEach(async () => {
  world = await configWorld();
  reads = { late: [], strong: [] };
  late = () => {};
  const { directory, catalog, heads } = world.deps;
  const kept = new Map<string, unknown>();
  let old = false;
  const seen = <S extends object>(side: 'late' | 'strong', name: string, store: S): S =>
    new Proxy(store, {
      get(target, method) {
        const read = Reflect.get(target, method);
        if (typeof read !== 'function') return read;
        return async (...asked: unknown[]) => {
          const what = `${name}.${String(method)}`;
          reads[side].push(what);
          if (side === 'strong') return await read.apply(target, asked);
          late();
          const place = JSON.stringify([what, asked]);
          if (!old) kept.set(place, await read.apply(target, asked));
          return kept.get(place);
        };
      },
    });
  behind = async () => {
    old = true;
  };
  const side = (name: 'late' | 'strong') => ({
    directory: seen(name, 'directory', directory),
    catalog: seen(name, 'catalog', catalog),
    heads: seen(name, 'heads', heads),
  });
  const provider = { subjectOf: async (token: string) => (token === 'none' ? undefined : token) };
  const deps = { ...world.deps, ...side('strong'), provider, late: { ...world.deps, ...side('late') } };
  const handler = flagsHandler(() => deps, testLog());
  const [method, path, body] = ['POST', '/ofrep/v1/evaluate/flags', { context: {} }];
  ask = (headers) => answered(handler, { method, path, headers, body });
  const keys = httpHandler(flagKeyRoutes, () => ({ ...world.deps, allowLoopback: false }), testLog());
  administer = (verb, place, given) =>
    answered(keys, { method: verb, path: place, signer: { sub: 'admin' }, ...(given && { body: given }) });
  await put(true);
});

const put = async (enabled: boolean) => {
  const given = { put: [flag('on.flag', enabled)] };
  expect(await world.as('dev')('POST', `${STAGING}/batch`, given)).toMatchObject({ status: 200 });
};
const as = (token: string, etag?: string, tenant = ACME) => ({
  authorization: `Bearer ${token}`,
  'x-tenant-id': tenant,
  'x-sluice-environment': 'staging',
  ...(etag === undefined ? {} : { 'if-none-match': etag }),
});
const tagOf = ({ status, headers }: Answer): string => {
  expect(status).toBe(200);
  return String(headers['etag']);
};

describe('whoever has all flags already', () => {
  it('is told so by late reads alone', async () => {
    const etag = tagOf(await ask(as('dev')));
    expect(reads.late).toEqual([]);
    reads.strong = [];
    expect(await ask(as('dev', etag))).toMatchObject({ status: 304, headers: { etag } });
    expect(reads.strong).toEqual([]);
    expect(reads.late.toSorted()).toEqual(['catalog.all', 'directory.membership', 'heads.read']);
  });

  it('is told so by its key too', async () => {
    const given = { name: 'app', environment: 'staging', type: 'server' };
    const { id, key } = (await administer('POST', '/api/v1/flag-keys', given)).body;
    const headers = { authorization: `Bearer ${key}` };
    const etag = tagOf(await ask(headers));
    reads.strong = [];
    expect((await ask({ ...headers, 'if-none-match': etag })).status).toBe(304);
    expect(reads).toEqual({ strong: [], late: ['catalog.item', 'heads.read'] });
    await behind();
    expect((await administer('DELETE', `/api/v1/flag-keys/${id}`)).status).toBeLessThan(300);
    await put(false);
    expect((await ask({ ...headers, 'if-none-match': '"other"' })).status).toBe(401);
  });

  it('hears of a change by strong reads, and never goes back behind it', async () => {
    const before = tagOf(await ask(as('dev')));
    expect((await ask(as('dev', before))).status).toBe(304);
    await behind();
    await put(false);
    const changed = await ask(as('dev', '"nothing of ours"'));
    expect(changed.body.flags).toMatchObject([{ key: 'on.flag', reason: 'DISABLED' }]);
    expect((await ask(as('dev', tagOf(changed)))).status).toBe(304);
    // A moment late: what has changed meanwhile comes with the next question.
    expect((await ask(as('dev', before))).status).toBe(304);
  });

  it('gets nothing new once the membership is gone', async () => {
    const etag = tagOf(await ask(as('dev')));
    expect((await ask(as('dev', etag))).status).toBe(304);
    await behind();
    const stored = await world.deps.directory.membership(ACME, 'dev');
    if (stored === undefined) throw new Error('dev is no member');
    const { version } = stored;
    const membership = { ...stored, status: 'inactive', version: version + 1 } as const;
    const write = { write: 'membership', membership, expected: version } as const;
    expect(await world.deps.transactions.commit(ACME, [write])).toEqual({ committed: true });
    expect((await ask(as('dev', '"other"'))).status).toBe(403);
  });

  it('is answered by strong reads when the late ones fail', async () => {
    const etag = tagOf(await ask(as('dev')));
    late = () => {
      throw new Fault('Throttled', 'slower');
    };
    expect((await ask(as('dev', etag))).status).toBe(304);
    expect(reads.strong).toContain('heads.read');
  });
});

describe('whoever may not read flags', () => {
  it('is told so, and nothing is read before the token was proven', async () => {
    expect((await ask(as('none', '"etag"'))).status).toBe(401);
    expect(reads).toEqual({ late: [], strong: [] });
  });

  it('is told so in another tenant, as where there is none', async () => {
    const etag = tagOf(await ask(as('dev')));
    const there = await ask(as('carol', etag));
    const nowhere = await ask(as('carol', etag, 'no-such-tenant'));
    expect(there.status).toBe(403);
    expect({ ...there.body, instance: '' }).toEqual({ ...nowhere.body, instance: '' });
  });

  it('is told so without a role, and that is kept once', async () => {
    const etag = tagOf(await ask(as('dev')));
    expect((await ask(as('nobody', etag))).status).toBe(403);
    expect((await world.deps.denials.list(ACME, { limit: 10 })).items).toHaveLength(1);
  });
});
