import { describe, expect, it } from 'vitest';
import { formToken } from '../../functions/domain/identity/session.ts';
import { createWorld, type Name, type World } from './api-world.ts';
import { browser } from './browser.ts';

const ORIGIN = 'https://sluice.test';
const KEY = '/web/api/v1/config/environments/staging/configs/a.key';

/** Somebody with the dashboard open. */
async function atPage(world: World, name: Name) {
  const own = browser(world);
  await own.signIn(name);
  const csrf = formToken(own.secret());
  const ours = { origin: ORIGIN, 'x-csrf-token': csrf };
  return {
    ...own,
    csrf,
    read: (path: string, headers = {}) => own.ask('GET', path, headers),
    write: (method: string, path: string, body?: unknown, headers: Record<string, string> = ours) =>
      own.ask(method, path, headers, body),
  };
}

const value = async (world: World) => (await world.as('dev')('GET', KEY.slice('/web'.length))).status;

describe('an operation asked from a page', () => {
  it('is done for whoever has the session, as it would be done for their token', async () => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    expect(await dev.write('PUT', KEY, { value: 1 })).toMatchObject({ status: 200, body: { changed: 1 } });
    const byPage = await dev.read(KEY);
    const byToken = await world.as('dev')('GET', KEY.slice('/web'.length));
    expect(byPage.body).toEqual(byToken.body);
  });

  it('is refused without a session, and after signing out', async () => {
    const world = await createWorld();
    const nobody = browser(world);
    expect(await nobody.ask('GET', '/web/api/v1/overview')).toMatchObject({ status: 401 });
    const dev = await atPage(world, 'dev');
    expect((await dev.read('/web/api/v1/overview')).status).toBe(200);
    const secret = dev.secret();
    await dev.post('/sign-out', { csrf: dev.csrf });
    const kept = { method: 'GET', path: '/web/api/v1/overview', cookies: [`__Host-sluice=${secret}`] };
    expect((await world.send(kept)).status).toBe(401);
  });

  it('is refused where two cookies have the name of the session: a neighbouring name may have set one', async () => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    const own = `__Host-sluice=${dev.secret()}`;
    const ask = (...cookies: readonly string[]) =>
      world.send({ method: 'GET', path: '/web/api/v1/overview', cookies });
    expect((await ask(own)).status).toBe(200);
    const other = `__Host-sluice=${'a'.repeat(43)}`;
    for (const both of [
      [own, other],
      [other, own],
    ])
      expect((await ask(...both)).status).toBe(401);
  });

  it('believes no token: the gateway let it pass without looking', async () => {
    const world = await createWorld();
    const forged = await world.send({
      method: 'GET',
      path: '/web/api/v1/overview',
      headers: { authorization: 'Bearer whatever' },
      signer: { sub: 'admin' },
    });
    expect(forged.status).toBe(401);
  });

  it('believes no cookie where tokens are asked for', async () => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    expect((await dev.read('/api/v1/overview')).status).toBe(401);
  });

  it.each([
    ['no Origin', (csrf: string) => ({ 'x-csrf-token': csrf })],
    [
      'the Origin of another site',
      (csrf: string) => ({ origin: 'https://evil.example', 'x-csrf-token': csrf }),
    ],
    ['a sub-domain as Origin', (csrf: string) => ({ origin: 'https://a.sluice.test', 'x-csrf-token': csrf })],
    ['the Origin of a sandboxed frame', (csrf: string) => ({ origin: 'null', 'x-csrf-token': csrf })],
    ['no token of the session', () => ({ origin: ORIGIN })],
    ['an empty token', () => ({ origin: ORIGIN, 'x-csrf-token': '' })],
    ['a made-up token', () => ({ origin: ORIGIN, 'x-csrf-token': 'a'.repeat(64) })],
  ])('writes nothing with %s', async (_, headersOf) => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE']) {
      const path = method === 'POST' ? '/web/api/v1/config/environments/staging/batch' : KEY;
      const body = method === 'POST' ? { put: [{ kind: 'config', key: 'a.key', value: 1 }] } : { value: 1 };
      const answer = await dev.write(method, path, body, headersOf(dev.csrf));
      if (method === 'PATCH') expect(answer.status).toBe(405);
      else expect(answer).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
    }
    expect(await value(world)).toBe(404);
  });

  it("takes no other session's token", async () => {
    const world = await createWorld();
    const [dev, alice] = [await atPage(world, 'dev'), await atPage(world, 'alice')];
    const mixed = { origin: ORIGIN, 'x-csrf-token': alice.csrf };
    expect((await dev.write('PUT', KEY, { value: 1 }, mixed)).status).toBe(403);
    expect(await value(world)).toBe(404);
  });

  it('answers no page of another site, whatever browser asks', async () => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    for (const from of ['cross-site', 'same-site']) {
      expect((await dev.read('/web/api/v1/overview', { 'sec-fetch-site': from })).status).toBe(403);
    }
    for (const from of ['same-origin', 'none']) {
      expect((await dev.read('/web/api/v1/overview', { 'sec-fetch-site': from })).status).toBe(200);
    }
  });

  it('never crosses into another tenant', async () => {
    const world = await createWorld();
    await world.as('dev')('PUT', KEY.slice('/web'.length), { value: 'acme only' });
    const carol = await atPage(world, 'carol');
    expect(await carol.read(KEY)).toMatchObject({ status: 404 });
    expect(await carol.read('/web/api/v1/overview', { 'x-tenant-id': 'acme' })).toMatchObject({
      status: 403,
      body: { code: 'tenant_mismatch' },
    });
    expect(JSON.stringify((await carol.read('/web/api/v1/overview')).body)).not.toContain('acme');
  });

  it('does a repeated write once, whichever way it comes', async () => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    await dev.write('PUT', KEY, { value: 1 });
    const asked = { targetEnvironment: 'production', promotionType: 'FULL' };
    const once = { origin: ORIGIN, 'x-csrf-token': dev.csrf, 'idempotency-key': 'press-1' };
    const first = await dev.write('POST', '/web/api/v1/config/promotions', asked, once);
    const second = await dev.write('POST', '/web/api/v1/config/promotions', asked, once);
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body.id).toBe(first.body.id);
  });

  it('has the same path as through the gateway, with or without the end that the gateway needs', async () => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    await dev.write('PUT', `${KEY}/~`, { value: 1 });
    expect((await dev.read(KEY)).body).toEqual((await dev.read(`${KEY}/~`)).body);
    expect((await world.as('dev')('GET', `${KEY.slice('/web'.length)}/~`)).status).toBe(404);
  });

  it('leads to no operation that is open to anyone, and to nothing beside the API', async () => {
    const world = await createWorld();
    const dev = await atPage(world, 'dev');
    for (const path of ['/web/api/v1/nothing', '/web/api/healthz', '/web/api', '/web/api/../sign-in']) {
      expect((await dev.read(path)).status, path).toBe(404);
    }
  });
});
