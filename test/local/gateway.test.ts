import { readFile, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/api.ts';
import { signedHeaders } from '../support/runtime-sign.ts';
import { type Fixture, startFixture } from './fixture.ts';

describe('HTTP in front of the functions', () => {
  let fixture: Fixture;
  let token: string;
  beforeAll(async () => {
    fixture = await startFixture({ SLUICE_LOCAL_CLOCK: 'adjustable', SLUICE_DEMO: 'off' });
    token = await fixture.token('alice@acme.com');
  });
  afterAll(() => fixture.stop());

  const bearer = () => ({ authorization: `Bearer ${token}` });

  it('answers as the gateway itself does', async () => {
    const get = async (path: string, headers: Record<string, string> = {}) => {
      const answer = await fetch(fixture.url + path, { headers });
      return [answer.status, await answer.json()];
    };
    expect(await get('/nowhere')).toEqual([404, { message: 'Not Found' }]);
    expect(await get('/api/event')).toEqual([401, { message: 'Unauthorized' }]);
    expect(await get('/api/event', { authorization: 'Bearer nonsense' })).toEqual([
      401,
      { message: 'Unauthorized' },
    ]);
    expect(await get('/api/event', { authorization: 'AWS4-HMAC-SHA256 nonsense' })).toEqual([
      403,
      { message: 'Forbidden' },
    ]);
    expect(await get('/open/x', bearer())).toMatchObject([200, { pathParameters: { name: 'x' } }]);
    expect(await get('/api/throw', bearer())).toEqual([500, { message: 'Internal Server Error' }]);
    expect(await get('/api/exit', bearer())).toEqual([500, { message: 'Internal Server Error' }]);
    expect(await get('/api/shorthand', bearer())).toEqual([200, { plain: true }]);
    expect(await get('/%E0%A4%A', bearer())).toEqual([400, { message: 'Bad Request' }]);
  });

  it('refuses a body beyond 10 MB', async () => {
    const send = (size: number) =>
      fetch(`${fixture.url}/nowhere`, { method: 'POST', body: Buffer.alloc(size) }).then(
        ({ status }) => status,
      );
    expect(await send(10 * 1024 * 1024)).toBe(404);
    const answer = await new Promise<[number | undefined, string]>((resolve, reject) => {
      const upload = httpRequest(`${fixture.url}/nowhere`, { method: 'POST' }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        response.on('end', () => resolve([response.statusCode, text]));
      });
      upload.on('error', reject);
      upload.write(Buffer.alloc(10 * 1024 * 1024 + 1));
    });
    expect(answer).toEqual([413, '{"message":"Request Entity Too Large"}']);
  });

  it('hands claims on as text, those of the trigger included, and never the ones a trigger may not change', async () => {
    const { body } = await fixture.act('event');
    expect(body.requestContext.authorizer.jwt.claims).toMatchObject({
      sub: '550e8400-e29b-41d4-a716-446655440001',
      email: 'dev@acme.com',
      roles: '[developer promoter]',
      token_use: 'access',
      client_id: 'client',
      iss: `${fixture.url}/_local/oidc`,
    });
  });

  it('prints access tokens in the shape that Cognito documents, which no ID token has', async () => {
    const claims = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'RS256', kid: expect.any(String) });
    for (const name of ['sub', 'iss', 'client_id', 'origin_jti', 'event_id', 'scope', 'jti', 'username'])
      expect(claims[name], name).toEqual(expect.any(String));
    for (const name of ['auth_time', 'iat', 'exp']) expect(claims[name], name).toEqual(expect.any(Number));
    expect(claims).toMatchObject({ token_use: 'access', version: 2 });
    expect(claims).not.toHaveProperty('aud');
  });

  it('publishes what a client needs to check a token', async () => {
    const issuer = `${fixture.url}/_local/oidc`;
    const discovery = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
    expect(discovery).toMatchObject({ issuer, jwks_uri: `${issuer}/.well-known/jwks.json` });
    const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(token, keys, { issuer, algorithms: ['RS256'] });
    expect(payload.sub).toBe('550e8400-e29b-41d4-a716-446655440002');
    const jwks = JSON.stringify(await (await fetch(`${issuer}/.well-known/jwks.json`)).json());
    expect(jwks).not.toContain('"d":');
    expect((decodeJwt(token).exp ?? 0) - (decodeJwt(token).iat ?? 0)).toBe(3600);
  });

  it('lets a machine in by its signature', async () => {
    const { items } = JSON.parse(await readFile(`${fixture.dataDir}/machine-credentials.json`, 'utf8'));
    const url = `${fixture.url}/api/event?b=2&a=x%20y`;
    const headers = await signedHeaders({ method: 'POST', url, body: '{"a":1}', credential: items[0] });
    const answer = await fetch(url, { method: 'POST', headers, body: '{"a":1}' });
    expect(answer.status).toBe(200);
    const event: ReturnType<typeof JSON.parse> = await answer.json();
    expect(event.requestContext.apiId).toBe('Machines');
    expect(event.requestContext.authorizer.iam).toMatchObject({
      accountId: '111122223333',
      userArn: 'arn:aws:sts::111122223333:assumed-role/sluice-recorder/local',
      userId: 'AROALOCALRECORDER001:local',
    });
    const other = await fetch(url, { method: 'POST', headers, body: '{"a":2}' });
    expect([other.status, await other.json()]).toEqual([403, { message: 'Forbidden' }]);
  });

  it('passes headers, cookies and bytes', async () => {
    const cookies = await fetch(`${fixture.url}/api/cookies`, { headers: bearer() });
    expect(cookies.headers.getSetCookie()).toEqual(['a=1', 'b=2; HttpOnly']);
    const binary = await fetch(`${fixture.url}/api/binary`, { headers: bearer() });
    expect([binary.headers.get('content-type'), Buffer.from(await binary.arrayBuffer())]).toEqual([
      'image/png',
      Buffer.from([0, 1, 2, 3]),
    ]);
    expect(binary.headers.get('apigw-requestid')).toMatch(/^[0-9a-f-]{36}$/);
    const posted = await fetch(`${fixture.url}/api/event`, {
      method: 'POST',
      headers: { ...bearer(), cookie: 'x=1; y=2', 'content-type': 'application/octet-stream' },
      body: Buffer.from([255]),
    });
    expect(await posted.json()).toMatchObject({
      cookies: ['x=1', 'y=2'],
      body: '/w==',
      isBase64Encoded: true,
    });
  });

  it('listens on loopback only', async () => {
    const { networkInterfaces } = await import('node:os');
    const outside = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4');
    if (outside === undefined) return;
    const outcome = await new Promise((resolve) => {
      const socket = connect(fixture.port, outside.address, () => resolve('connected'));
      socket.on('error', () => resolve('refused'));
    });
    expect(outcome).toBe('refused');
  });

  it('keeps its own pages to this machine, and its changes to JSON', async () => {
    const send = (host: string) =>
      new Promise((resolve, reject) => {
        httpRequest(`${fixture.url}/_local/mail`, { headers: { host } }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on('error', reject)
          .end();
      });
    expect(await send(`127.0.0.1:${fixture.port}`)).toBe(200);
    expect(await send(`localhost:${fixture.port}`)).toBe(200);
    expect(await send(`evil.example:${fixture.port}`)).toBe(403);
    const form = await fetch(`${fixture.url}/_local/token`, {
      method: 'POST',
      body: '{"email":"dev@acme.com"}',
    });
    expect(form.status).toBe(400);
    await expect(fixture.token('nobody@acme.com')).rejects.toThrow('404');
  });

  it('moves the clock of the functions and of nothing else', async () => {
    const hour = 3_600_000;
    await fixture.advanceClock(24 * hour);
    const before = Date.now();
    const { body } = await fixture.act('now');
    expect(body.now).toBeGreaterThanOrEqual(before + 24 * hour);
    // Read after `now`, so it may be a millisecond later.
    expect(Date.parse(body.iso)).toBeGreaterThanOrEqual(body.now);
    expect(Date.parse(body.iso)).toBeLessThanOrEqual(Date.now() + 24 * hour);
    expect((await fixture.act('shorthand')).status).toBe(200);
  });

  it('answers secrets from its file', async () => {
    expect((await fixture.act('secret', { id: 'sluice/t/a' })).body).toEqual({
      error: 'ResourceNotFoundException',
    });
    await writeFile(`${fixture.dataDir}/secrets.json`, '{"sluice/t/a":"hidden"}');
    expect((await fixture.act('secret', { id: 'sluice/t/a' })).body).toBe('hidden');
    const arn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:sluice/t/a-AbCdEf';
    expect((await fixture.act('secret', { id: arn })).body).toBe('hidden');
  });

  it('tells the seed function that no demo data is wanted', async () => {
    expect((await fixture.act('get', { id: 'seeded' })).body.event).toMatchObject({
      demo: false,
      machines: [{ role_name: 'sluice-recorder' }],
    });
  });

  it('retries an asynchronous invocation twice and then keeps it', async () => {
    const publish = (id: string, fail: number) =>
      fixture.act('publish', {
        entries: [
          {
            EventBusName: 'fixture',
            Source: 'fixture',
            DetailType: 't',
            Detail: JSON.stringify({ type: 'thing.x', id, fail }),
          },
          {
            EventBusName: 'fixture',
            Source: 'other',
            DetailType: 't',
            Detail: JSON.stringify({ type: 'thing.x', id, fail }),
          },
        ],
      });
    expect((await publish('twice', 2)).body.failed).toBe(0);
    await publish('ever', 99);
    const deadLetters = async (): Promise<ReturnType<typeof JSON.parse>> =>
      (await fetch(`${fixture.url}/_local/dead-letters`)).json();
    const { items } = await until(deadLetters, (found) => found.items.length > 0);
    const heard = async (id: string) => (await fixture.act('get', { id: `heard-${id}` })).body.times;
    expect(
      await until(
        () => heard('twice'),
        (times) => times >= 3,
      ),
    ).toBe(3);
    expect(await heard('ever')).toBe(3);
    expect(items).toMatchObject([{ function_name: 'Listener', failures: 3, last_error: 'Error: not yet' }]);
  });
});
