import { describe, expect, it } from 'vitest';
import { createWorld } from './api-world.ts';
import { browser } from './browser.ts';

const asking = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
  const world = await createWorld();
  return world.send({ method, path, headers });
};

describe('the page of the dashboard', () => {
  it.each(['/', '/web/promotions/prom-1', '/web/flow', '/web/a/b/c?utm_source=mail'])(
    'is what %s answers, signed in or not',
    async (path) => {
      const answer = await asking(path);
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
      });
      expect(Buffer.from(String(answer.body), 'base64').toString()).toContain('<title>Sluice</title>');
    },
  );

  it('runs nothing inline, loads nothing from elsewhere and lies in no frame', async () => {
    const policy = String((await asking('/')).headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*|blob:/);
    // The mark of the tab, and nothing that runs.
    expect(policy.split('; ').filter((part) => part.includes('data:'))).toEqual(["img-src 'self' data:"]);
  });

  it('tells the browser what it will ask for first: who is signed in, and at home what runs where', async () => {
    const session = '</web/session>; rel=preload; as=fetch; crossorigin';
    const overview = '</web/api/v1/overview/~>; rel=preload; as=fetch; crossorigin';
    const world = await createWorld();
    const dev = browser(world);
    expect((await dev.get('/')).headers['link']).toBe(session);
    await dev.signIn('dev');
    expect((await dev.get('/')).headers['link']).toBe(`${session}, ${overview}`);
    expect((await dev.get('/web/audit')).headers['link']).toBe(session);
  });

  it('comes packed as the browser asks, and unpacked for one that asks for nothing', async () => {
    expect((await asking('/', { 'accept-encoding': 'gzip, deflate, br' })).headers).toMatchObject({
      'content-encoding': 'br',
      vary: 'accept-encoding',
    });
    const gzip = await asking('/', { 'accept-encoding': 'br;q=0, gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect((await asking('/')).headers).not.toHaveProperty('content-encoding');
  });

  it('sends browsers of another host to the one where people sign in, and nowhere else', async () => {
    const answer = await asking('/web/promotions/prom-1', { host: 'abc.execute-api.amazonaws.com' });
    expect(answer).toMatchObject({
      status: 308,
      headers: { location: 'https://sluice.test/web/promotions/prom-1' },
    });
    const hostile = await asking('/web//evil.example/a', { host: 'other' });
    expect(String(hostile.headers['location'] ?? 'https://sluice.test/')).toMatch(
      /^https:\/\/sluice\.test\//,
    );
  });

  it('has files that are kept for ever, and no others', async () => {
    const file = await asking('/web/assets/app-ABC.js');
    expect(file).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
      },
    });
    for (const name of ['app-XYZ.js', '..', '%2e%2e%2findex.html', 'a/app-ABC.js', 'app-ABC.js.br', '']) {
      expect((await asking(`/web/assets/${name}`)).status, name).toBe(404);
    }
  });

  it('says who is signed in, with what their writes need, to their own pages', async () => {
    const world = await createWorld();
    const dev = browser(world);
    expect((await dev.get('/web/session')).status).toBe(401);
    await dev.signIn('dev');
    expect((await dev.get('/web/session')).body).toEqual({
      subject: 'dev',
      email: 'dev@acme.com',
      tenant: 'acme',
      roles: [{ role: 'developer' }, { role: 'promoter' }],
      groups: [],
      csrf: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });
});
