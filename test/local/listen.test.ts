import { readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDataDir, type Runtime, startRuntime } from '../support/runtime.ts';
import { launch } from '../support/runtime-process.ts';
import { fixtureAssembly, startFixture } from './fixture.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** One request with exactly these headers: `fetch` sets Host by itself. */
function ask(
  { port }: Runtime,
  path: string,
  { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: object; body?: string } = {},
) {
  return new Promise<{ status: number; headers: object; body: string }>((resolve, reject) => {
    const host = `sluice.test:${port}`;
    const sent = request({ host: '127.0.0.1', port, path, method, headers: { host, ...headers } });
    sent.on('error', reject);
    sent.on('response', (answer) => {
      let text = '';
      answer.on('data', (chunk) => {
        text += String(chunk);
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }),
      );
    });
    sent.end(body);
  });
}

const post = (body: object, headers: object = {}) => ({
  method: 'POST',
  headers: { ...JSON_TYPE, ...headers },
  body: JSON.stringify(body),
});

it('begins in a folder that is not there yet', async () => {
  const folder = await newDataDir();
  const dataDir = join(folder, 'new');
  const begun = await startRuntime({ SLUICE_LISTEN: '0.0.0.0' }, { assemblyDir: fixtureAssembly, dataDir });
  expect(await begun.stop()).toBe(0);
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

describe('a runtime that listens beyond loopback', () => {
  let runtime: Runtime;
  let old: string;
  let code: string;
  beforeAll(async () => {
    const before = await startFixture();
    old = await before.token('dev@acme.com');
    await before.kill9();
    const { dataDir, port } = before;
    const environment = { SLUICE_LISTEN: '0.0.0.0', SLUICE_ORIGIN: `http://sluice.test:${port}` };
    runtime = await startRuntime(environment, { assemblyDir: fixtureAssembly, dataDir, port });
    code = await readFile(join(dataDir, 'code'), 'utf8');
  });
  afterAll(() => runtime.stop());

  it('prints its code with its address, keeps it for its owner alone, and warns of plain http', async () => {
    expect(runtime.output()).toContain(`http://sluice.test:${runtime.port}/_local/code?code=${code}`);
    expect(runtime.output()).toContain('plain http');
    expect(code).toMatch(/^[\w-]{22}$/);
    expect((await stat(join(runtime.dataDir, 'code'))).mode & 0o777).toBe(0o600);
  });

  it('answers under its one address only, and to its own pages only', async () => {
    expect(await ask(runtime, '/healthz', { headers: { host: 'evil.test' } })).toMatchObject({ status: 421 });
    expect(await ask(runtime, '/api/shorthand', { headers: { origin: 'http://evil.test' } })).toMatchObject({
      status: 403,
    });
    expect((await ask(runtime, '/v2/', { headers: { origin: 'http://evil.test' } })).status).toBe(403);
  });

  it.each(['/_local/mail', '/%5Flocal/mail', '/_local/oidc/authorize?x=1', '/_local/executions'])(
    'gives nothing without the code: %s',
    async (path) => {
      expect((await ask(runtime, path)).status).toBe(401);
      const wrong = { 'sluice-code': 'x'.repeat(22) };
      expect((await ask(runtime, path, { headers: wrong })).status).toBe(401);
      expect((await ask(runtime, path, { headers: { accept: 'text/html' } })).status).toBe(303);
    },
  );

  it('makes no token without the code, and takes none of an earlier start', async () => {
    const email = { email: 'dev@acme.com' };
    expect((await ask(runtime, '/_local/token', post(email))).status).toBe(401);
    const made = await ask(runtime, '/_local/token', post(email, { 'sluice-code': code }));
    expect(made.status).toBe(200);
    const by = (token: string) => ({ ...JSON_TYPE, authorization: `Bearer ${token}` });
    const act = (token: string) => ask(runtime, '/api/shorthand', { method: 'POST', headers: by(token) });
    expect((await act(JSON.parse(made.body).access_token)).status).toBe(200);
    expect((await act(old)).status).toBe(401);
  });

  it('keeps the code in a cookie of the browser that typed it, and leads back', async () => {
    const asked = await ask(runtime, '/_local/inbox', { headers: { accept: 'text/html' } });
    expect(asked.headers).toMatchObject({ location: '/_local/code?to=%2F_local%2Finbox' });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const type = (typed: string, to: string) =>
      ask(runtime, '/_local/code', {
        method: 'POST',
        headers: form,
        body: new URLSearchParams({ code: typed, to }).toString(),
      });
    expect(await type('wrong', '/_local/inbox')).toMatchObject({ status: 401 });
    expect((await type(code, '//evil.test')).headers).toMatchObject({ location: '/' });
    const right = await type(code, '/_local/inbox');
    expect(right.headers).toMatchObject({ location: '/_local/inbox' });
    const [cookie = ''] = Object.entries(right.headers).flatMap(([name, value]) =>
      name === 'set-cookie' ? value : [],
    );
    expect(cookie).toMatch(/; Path=\/_local; HttpOnly; SameSite=Lax; Max-Age=\d+$/);
    const inbox = await ask(runtime, '/_local/inbox', {
      headers: { cookie: `a=b; ${cookie.split(';')[0]}` },
    });
    expect(inbox.status).toBe(200);
  });

  it('lets nobody read the registry without credentials', async () => {
    expect((await ask(runtime, '/v2/platform/tags/list')).status).toBe(401);
    expect((await ask(runtime, '/v2/platform/blobs/uploads/', { method: 'POST' })).status).toBe(401);
  });

  it('gives the token command a token, by the code of the data directory', async () => {
    const command = launch({ SLUICE_DATA_DIR: runtime.dataDir }, 'local/token.ts', ['bob@acme.com']);
    expect(await command.gone).toBe(0);
    expect(command.output()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });
});

describe('settings that make no sense', () => {
  it.each([
    [{ SLUICE_ORIGIN: 'https://a.test' }, '--origin goes with --listen'],
    [{ SLUICE_LISTEN: 'everywhere' }, '--listen must be an IP address'],
    [{ SLUICE_LISTEN: '0.0.0.0', SLUICE_ORIGIN: 'https://a.test/path' }, 'must be a URL without a path'],
    [{ SLUICE_LISTEN: '0.0.0.0', SLUICE_ORIGIN: 'https://u:p@a.test' }, 'must be a URL without a path'],
  ])('%j', async (environment, said) => {
    const runtime = launch(environment);
    expect(await runtime.gone).toBe(1);
    expect(runtime.output()).toContain(said);
  });
});
