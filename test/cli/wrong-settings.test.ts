import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, createCli, jsonOf, removeFolders, SERVER } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
beforeEach(async () => {
  cli = await createCli();
});
const typed = (env: Record<string, string>, ...argv: string[]) => cli.run(env, ...argv);
const HERE = { SLUICE_URL: SERVER, SLUICE_TOKEN: 'dev' };

describe('settings', () => {
  it.each([
    [{ ...HERE, SLUICE_URL: '' }, ['whoami'], 'no server is known'],
    [{ ...HERE, SLUICE_TOKEN: 'a\nb' }, ['whoami'], 'the token has characters that none has'],
    [{ ...HERE, SLUICE_TOKEN: 'tökén' }, ['whoami'], 'the token has characters that none has'],
    [HERE, ['whoami', '--token', ''], 'the token is empty'],
    [HERE, ['whoami', '--tenant', ''], 'the tenant is empty'],
    [HERE, ['whoami', '--tenant', 'a\r\nx-evil: 1'], 'the tenant has characters that none has'],
    [HERE, ['cancel', 'prom-1', '--idempotency-key', ''], '--idempotency-key: must be 1 to 250'],
    [HERE, ['cancel', 'prom-1', '--idempotency-key', 'a\nb'], '--idempotency-key: must be 1 to 250'],
    [HERE, ['cancel', 'prom-1', '--idempotency-key', 'k'.repeat(251)], '--idempotency-key: must be 1 to 250'],
    [HERE, ['login', '--aws', '--region', ''], '--aws needs --region'],
  ])('that cannot be are wrong usage, and nothing is asked: %j %j', async (env, argv, message) => {
    let asked = 0;
    const { fetch } = cli;
    cli.fetch = async (input, init) => {
      asked += 1;
      return fetch(input, init);
    };
    const { exit, out } = await typed(env, ...argv, '-o', 'json');
    expect({ exit, asked }, out).toEqual({ exit: 2, asked: 0 });
    expect(JSON.parse(out).error.message).toContain(message);
  });

  it.each(['{', '[]', 'null', '{"contexts":{"a":{}}}', '\u0000'])(
    'that no login wrote are wrong usage: %j',
    async (text) => {
      const SLUICE_CONFIG = join(cli.home, 'contexts.json');
      await writeFile(SLUICE_CONFIG, text);
      const { exit, err } = await typed({ SLUICE_CONFIG }, 'diff', 'staging', 'production');
      expect(exit).toBe(2);
      expect(err).toContain(`cannot read ${SLUICE_CONFIG}: it is not a file of contexts`);
      expect(err).toContain('Delete the file and log in again.');
    },
  );

  it('that are empty in the environment are none, as pipelines set them', async () => {
    const env = { ...HERE, SLUICE_TENANT: '', SLUICE_CONTEXT: '', SLUICE_CONFIG: '', XDG_CONFIG_HOME: '' };
    expect(jsonOf(await typed(env, 'whoami', '-o', 'json'))).toMatchObject({ me: { email: 'dev@acme.com' } });
    expect((await typed({ ...env, SLUICE_TOKEN: '' }, 'whoami')).exit).toBe(12);
  });
});

it('says as JSON that no verb was given', async () => {
  const { exit, out, err } = await typed(HERE, '-o', 'json');
  expect(exit).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'usage', message: 'no verb is given' } });
  expect(err).toContain('sluice --help');
});

it.each([
  [['promot'], 'promote'],
  [['platform', 'statsu'], 'status'],
  [['config', 'improt'], 'import'],
  [['list', '--statsu', 'x'], '--status'],
])('suggests what %j may mean', async (argv, meant) => {
  const { exit, err } = await typed(HERE, ...argv);
  expect({ exit, err }).toEqual({ exit: 2, err: expect.stringContaining(`(Did you mean ${meant}?)`) });
});

it('names the address to which a server redirects, and goes nowhere', async () => {
  const asked: string[] = [];
  cli.fetch = async (input) => {
    asked.push(String(input));
    return new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/sign-in' } });
  };
  for (const argv of [['whoami'], ['environments', 'delete', 'x']]) {
    const { exit, out } = await typed(HERE, ...argv, '-o', 'json');
    expect(exit).toBe(5);
    expect(JSON.parse(out).error).toMatchObject({
      code: 'redirected',
      message: `${SERVER} redirects to https://elsewhere.example/sign-in`,
    });
  }
  expect(asked).toHaveLength(2);
});

it.each([
  ['a verb', ['x'.repeat(100_000)]],
  ['an option', ['list', `--${'x'.repeat(100_000)}`]],
  ['a value', ['list', '--status', 'x'.repeat(100_000)]],
  ['an id', ['cancel', 'x'.repeat(5_000)]],
])('repeats little of %s that is long', async (_, argv) => {
  const { exit, out, err } = await typed(HERE, ...argv, '-o', 'json');
  expect([2, 3]).toContain(exit);
  expect(out.length + err.length).toBeLessThan(15_000);
});

it('says that a server which is none does not answer as one', async () => {
  cli.fetch = async () => Response.json({ hello: 'world' });
  const { exit, out } = await typed(HERE, 'diff', 'staging', 'production', '-o', 'json');
  expect(exit, out).toBe(5);
  expect(JSON.parse(out).error.message).toContain('with what this version of sluice does not know');
});
