import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { awsSigner } from '../../cli/http/aws.ts';
import { verifySignature } from '../../local/http-api/sigv4.ts';
import { type Cli, createCli, fetchOf, jsonOf, removeFolders, SERVER } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
beforeEach(async () => {
  cli = await createCli();
});
afterEach(() => vi.unstubAllEnvs());

const kept = async () => JSON.parse(await readFile(join(cli.home, '.config/sluice/contexts.json'), 'utf8'));

describe('login', () => {
  it('keeps who somebody is, for its owner alone, and forgets it again', async () => {
    jsonOf(await cli.run({}, 'login', '--url', SERVER, '--token', 'dev', '--name', 'acme', '-o', 'json'));
    expect(jsonOf(await cli.run({}, 'whoami', '-o', 'json'))).toMatchObject({ me: { subject: 'dev' } });
    expect((await stat(join(cli.home, '.config/sluice/contexts.json'))).mode & 0o777).toBe(0o600);
    const shown = await cli.run({}, 'contexts', '-o', 'json');
    expect(jsonOf(shown)).toMatchObject({ current: 'acme', contexts: [{ name: 'acme', tenant: 'acme' }] });
    expect(await cli.run({}, 'contexts', '--delete', 'acme')).toMatchObject({ exit: 0 });
    expect(await cli.run({}, 'whoami')).toMatchObject({ exit: 2 });
  });

  it('keeps nothing when the server does not know the token', async () => {
    const refused = await cli.run({}, 'login', '--url', SERVER, '--token', 'stranger');
    expect(refused).toMatchObject({ exit: 12 });
    await expect(kept()).rejects.toThrow('ENOENT');
  });

  it('reads a token from standard input, so that it is in no list of processes', async () => {
    cli.input = 'dev\n';
    expect(await cli.run({}, 'login', '--url', SERVER, '--token', '-')).toMatchObject({ exit: 0 });
  });

  it('asks a local runtime for the token of one of its people', async () => {
    const answer = fetchOf(cli.world);
    cli.fetch = async (input, init) =>
      String(input).endsWith('/_local/token')
        ? Response.json({ access_token: JSON.parse(String(init?.body)).email.split('@')[0] })
        : answer(input, init);
    expect(await cli.run({}, 'login', '--url', SERVER, '--as', 'alice@acme.com')).toMatchObject({ exit: 0 });
    expect(jsonOf(await cli.run({}, 'whoami', '-o', 'json'))).toMatchObject({ me: { subject: 'alice' } });
    expect(JSON.stringify(await kept())).not.toContain('access_token');
  });

  it('sends no token of a context to another server, and none over plain http', async () => {
    await cli.run({}, 'login', '--url', SERVER, '--token', 'dev');
    const asked: (string | null)[] = [];
    cli.fetch = async (input, init) => {
      asked.push(new Headers(init?.headers).get('authorization'));
      return fetchOf(cli.world)(input, init);
    };
    expect(await cli.run({}, 'whoami', '--url', 'https://elsewhere.example')).toMatchObject({ exit: 12 });
    expect(asked).toEqual([null]);
    expect(await cli.run({}, 'whoami', '--url', 'http://sluice.example')).toMatchObject({ exit: 2 });
    expect(asked).toHaveLength(1);
  });

  it('is warned of by doctor when others can read it', async () => {
    const { chmod } = await import('node:fs/promises');
    await cli.run({}, 'login', '--url', SERVER, '--token', 'dev');
    expect(await cli.run({}, 'doctor')).toMatchObject({ exit: 0 });
    await chmod(join(cli.home, '.config/sluice/contexts.json'), 0o644);
    const found = await cli.run({}, 'doctor', '-o', 'json');
    expect(found.exit).toBe(1);
    expect(JSON.parse(found.out)).toMatchObject({ ok: false, error: { code: 'unhealthy' } });
  });
});

describe('login at an identity provider', () => {
  const ISSUER = 'https://id.example';
  const issuer = ['--issuer', ISSUER, '--client-id', 'cli'];
  let forms: URLSearchParams[];
  beforeEach(() => {
    forms = [];
    const answer = fetchOf(cli.world);
    cli.fetch = async (input, init) => {
      const url = String(input);
      if (!url.startsWith(ISSUER)) return answer(input, init);
      if (url.endsWith('/.well-known/openid-configuration')) {
        return Response.json({
          authorization_endpoint: `${ISSUER}/authorize`,
          token_endpoint: `${ISSUER}/token`,
        });
      }
      forms.push(new URLSearchParams(String(init?.body)));
      const refreshed = forms.at(-1)?.get('grant_type') === 'refresh_token';
      return Response.json({
        access_token: refreshed ? 'alice' : 'dev',
        expires_in: 3600,
        ...(refreshed ? {} : { refresh_token: 'again' }),
      });
    };
  });

  /** What a person does: opens the printed address, signs in, and pastes where the browser ends up. */
  const signIn = (change: (back: URL) => void = () => {}) => {
    let printed = '';
    const paste = vi.fn((said: string) => {
      const asked = new URL(/Sign in at (\S+)/.exec(said)?.[1] ?? '');
      printed = asked.href;
      const back = new URL(asked.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('state', asked.searchParams.get('state') ?? '');
      back.searchParams.set('code', 'the-code');
      change(back);
      return back.href;
    });
    cli.answer = paste;
    return { address: () => new URL(printed) };
  };

  it('proves with PKCE that the code is for it, and renews the token when it ends', async () => {
    const { address } = signIn();
    const done = await cli.run({}, 'login', '--url', SERVER, ...issuer, '--no-browser');
    expect(done, done.err).toMatchObject({ exit: 0 });
    const asked = address().searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    expect(asked.get('redirect_uri')).toBe('http://localhost:8765/callback');
    const verifier = forms[0]?.get('code_verifier') ?? '';
    const { createHash } = await import('node:crypto');
    expect(createHash('sha256').update(verifier).digest('base64url')).toBe(asked.get('code_challenge'));
    expect(forms[0]?.get('code')).toBe('the-code');

    cli.clock += 2 * 3_600_000;
    const me = jsonOf(await cli.run({}, 'whoami', '-o', 'json'));
    expect(me).toMatchObject({ me: { subject: 'alice' } });
    expect(forms[1]?.get('refresh_token')).toBe('again');
    jsonOf(await cli.run({}, 'whoami', '-o', 'json'));
    expect(forms).toHaveLength(2);
  });

  it('asks the server how it signs people in, so that its address is enough', async () => {
    const through = cli.fetch;
    const named = { issuer: ISSUER, client_id: 'own', scopes: ['openid', 'email', 'phone'] };
    cli.fetch = async (input, init) =>
      String(input) === `${SERVER}/sign-in/client` ? Response.json(named) : through(input, init);
    const { address } = signIn();
    const done = await cli.run({}, 'login', SERVER, '--no-browser');
    expect(done, done.err).toMatchObject({ exit: 0 });
    expect(address().origin).toBe(ISSUER);
    expect(address().searchParams.get('client_id')).toBe('own');
    expect(address().searchParams.get('scope')).toBe('openid email phone');
    named.issuer = 'http://id.example';
    const plain = await cli.run({}, 'login', SERVER, '--no-browser');
    expect(plain).toMatchObject({ exit: 2 });
    expect(plain.err).toContain('http://id.example is not https');
  });

  it('waits for no browser where nobody is', async () => {
    const said = await cli.run({}, 'login', SERVER);
    expect(said).toMatchObject({ exit: 2 });
    expect(said.err).toContain('nobody is here to sign in');
    expect(forms).toEqual([]);
  });

  it('refuses an answer to another login', async () => {
    signIn((back) => back.searchParams.set('state', 'other'));
    const refused = await cli.run({}, 'login', '--url', SERVER, ...issuer, '--no-browser');
    expect(refused).toMatchObject({ exit: 12 });
    expect(forms).toEqual([]);
  });

  it('says what the provider says', async () => {
    signIn((back) => {
      back.searchParams.delete('code');
      back.searchParams.set('error', 'access_denied');
    });
    const refused = await cli.run({}, 'login', '--url', SERVER, ...issuer, '--no-browser');
    expect(refused.err).toContain('access_denied');
  });

  it('asks nothing with --no-input', async () => {
    const refused = await cli.run({}, 'login', '--url', SERVER, ...issuer, '--no-browser', '--no-input');
    expect(refused).toMatchObject({ exit: 2 });
  });
});

describe('a signature of AWS', () => {
  it.each([
    ['GET', '/api/v1/promotions?status=pending%2Cblocked&limit=10', ''],
    ['POST', '/api/v1/promotions', '{"note":"ä"}'],
    ['PUT', '/api/v1/config/environments/staging/configs/a/b.c', '{"value":1}'],
  ])('fits %s %s, as the gateway checks it', async (method, path, body) => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLEEXAMPLE12');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'a secret of the tests');
    vi.stubEnv('AWS_SESSION_TOKEN', 'a session');
    const url = new URL(`${SERVER}${path}`);
    const sent = { accept: 'application/json', 'idempotency-key': 'k' };
    const signed = await awsSigner('eu-central-1')({ method, url, body, headers: sent });
    const headers = Object.fromEntries(
      Object.entries({ ...sent, ...signed, host: url.host }).map(([name, value]) => [
        name.toLowerCase(),
        value,
      ]),
    );
    const request = {
      method,
      path: decodeURIComponent(url.pathname),
      rawPath: url.pathname,
      rawQuery: url.search.slice(1),
      headers,
      body: Buffer.from(body),
      sourceIp: '127.0.0.1',
      receivedAt: Date.now(),
      requestId: 'request',
    };
    const key = { secret: 'a secret of the tests', sessionToken: 'a session' };
    expect(verifySignature(request, () => key, Date.now())).toBe('ASIAEXAMPLEEXAMPLE12');
    expect(verifySignature({ ...request, body: Buffer.from('{}') }, () => key, Date.now())).toBeUndefined();
  });
});
