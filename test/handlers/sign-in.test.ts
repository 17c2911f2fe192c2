import { describe, expect, it } from 'vitest';
import { formToken, nameOfSecret } from '../../functions/domain/identity/session.ts';
import { CLIENT, ISSUER } from '../support/provider.ts';
import { createWorld } from './api-world.ts';
import { browser } from './browser.ts';

describe('signing in', () => {
  it('ends at the page that asked for it, with a session that no script and no other site can use', async () => {
    const world = await createWorld();
    const alice = browser(world);
    const back = await alice.signIn('alice', '/approvals/token');
    expect(back).toMatchObject({ status: 303, headers: { location: '/approvals/token' } });
    const [session] = back.cookies.filter((cookie) => cookie.startsWith('__Host-sluice='));
    expect(session).toMatch(
      /^__Host-sluice=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=28800; Secure$/,
    );
    // A second visit needs no provider.
    expect(await alice.get('/sign-in?return=/approvals/token')).toMatchObject({
      status: 303,
      headers: { location: '/approvals/token' },
    });
  });

  it('tells programs how, whoever they are', async () => {
    const world = await createWorld();
    const found = await world.send({ method: 'GET', path: '/sign-in/client' });
    expect(found).toMatchObject({
      status: 200,
      body: { issuer: ISSUER, client_id: CLIENT, scopes: ['openid', 'email'] },
    });
    expect(found.headers['cache-control']).toBe('public, max-age=300');
  });

  it('keeps nothing by which somebody who reads the table could be the person', async () => {
    const world = await createWorld();
    const alice = browser(world);
    await alice.signIn('alice');
    const secret = alice.secret();
    const found = await world.deps.sessions.find(nameOfSecret(secret), world.deps.clock.now());
    expect(found?.subject).toBe('alice');
    expect(JSON.stringify(found)).not.toContain(secret);
    expect(JSON.stringify(world.log.lines)).not.toContain(secret);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/a',
    '/\\evil.example',
    '/%2f/evil.example',
    '/a//evil.example',
    'javascript:alert(1)',
    '/approvals/../../evil',
    '/approvals/a?next=//evil.example',
    '/approvals/a\r\nset-cookie: a=b',
    'approvals/a',
    '/',
  ])('never leads to %j', async (hostile) => {
    const world = await createWorld();
    const back = await browser(world).signIn('alice', hostile);
    expect(back.status).toBe(200);
    expect(back.headers['location']).toBeUndefined();
    expect(back.body).toContain('You are signed in');
  });

  it('comes back only to the browser that began it', async () => {
    const world = await createWorld();
    const [mallory, alice] = [browser(world), browser(world)];
    const begun = await mallory.begin();
    const { code, state } = world.issuer.grant(begun, 'mallory');
    const forced = await alice.get(`/sign-in/callback?code=${code}&state=${state}`);
    expect(forced).toMatchObject({ status: 400 });
    expect(alice.cookies().join()).not.toContain('__Host-sluice=');
    expect(world.issuer.codes.has(code), 'the code is not even tried').toBe(true);
  });

  it('comes back with the whole state, not only with the part that finds its cookie', async () => {
    const world = await createWorld();
    const alice = browser(world);
    const { code, state } = world.issuer.grant(await alice.begin(), 'alice');
    const other = state.slice(0, 8).padEnd(state.length, state.endsWith('A') ? 'B' : 'A');
    const forced = await alice.get(`/sign-in/callback?code=${code}&state=${other}`);
    expect(forced).toMatchObject({ status: 400 });
    expect(alice.cookies().join()).not.toContain('__Host-sluice=');
    expect(world.issuer.codes.has(code), 'the code is not even tried').toBe(true);
  });

  it('takes a code once, and only with what the browser began it with', async () => {
    const world = await createWorld();
    const alice = browser(world);
    const { code, state } = world.issuer.grant(await alice.begin(), 'alice');
    const path = `/sign-in/callback?code=${code}&state=${state}`;
    expect((await alice.get(`/sign-in/callback?error=access_denied&state=${state}`)).status).toBe(400);
    expect((await alice.get(path)).status).toBe(400);
    const again = browser(world);
    const granted = world.issuer.grant(await again.begin(), 'alice');
    const good = `/sign-in/callback?code=${granted.code}&state=${granted.state}`;
    expect((await again.get(good)).status).toBe(200);
    expect((await again.get(good)).status).toBe(400);
  });

  it.each([
    ['of another nonce', { nonce: 'other' }],
    ['of another client', { aud: 'other' }],
    ['of another issuer', { iss: 'https://other.example' }],
    ['that is an access token', { token_use: 'access' }],
    ['that has expired', { exp: 1 }],
    ['without a subject', { sub: '' }],
    ['with a subject that cannot be one', { sub: 'a#b' }],
  ])('refuses an ID token %s', async (_, claims) => {
    const world = await createWorld();
    world.issuer.claims = claims;
    expect((await browser(world).signIn('alice')).status).toBe(400);
  });

  it('refuses an ID token signed with another key', async () => {
    const world = await createWorld();
    const { generateKeyPairSync } = await import('node:crypto');
    world.issuer.key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
    expect((await browser(world).signIn('alice')).status).toBe(400);
  });

  it('opens no session for somebody whom no tenant knows', async () => {
    const world = await createWorld();
    const stranger = browser(world);
    expect((await stranger.signIn('stranger')).status).toBe(403);
    expect(stranger.cookies().join()).not.toContain('__Host-sluice=');
  });

  it('is asked again after 8 hours', async () => {
    const world = await createWorld();
    const alice = browser(world);
    await alice.signIn('alice');
    world.at('2026-11-21T16:59:59.999Z');
    expect((await alice.get('/sign-in')).status).toBe(200);
    world.at('2026-11-21T17:00:00.000Z');
    expect((await alice.get('/sign-in')).status).toBe(303);
  });

  it('is 503 while the provider does not answer', async () => {
    const world = await createWorld();
    world.issuer.send = async () => ({ result: 'unanswered', message: 'no', late: true, sent: true });
    expect(await browser(world).get('/sign-in')).toMatchObject({ status: 503 });
  });
});

describe('signing out', () => {
  it('ends the session itself, not only the cookie', async () => {
    const world = await createWorld();
    const alice = browser(world);
    await alice.signIn('alice');
    const secret = alice.secret();
    expect((await alice.post('/sign-out', { csrf: formToken(secret) })).status).toBe(200);
    expect(await world.deps.sessions.find(nameOfSecret(secret), world.deps.clock.now())).toBeUndefined();
    expect(alice.cookies()).toEqual([]);
  });

  it('takes no form of a foreign page', async () => {
    const world = await createWorld();
    const alice = browser(world);
    await alice.signIn('alice');
    for (const csrf of ['', 'f'.repeat(64)])
      expect((await alice.post('/sign-out', { csrf })).status).toBe(403);
    expect((await alice.get('/sign-in')).status).toBe(200);
  });
});
