import { createServer } from 'node:net';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { processTerminal } from '../../cli/terminal.ts';
import { VERSION, VERSION_HEADER } from '../../functions/contract/version.ts';
import { type Cli, createCli, removeFolders, SERVER } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
beforeEach(async () => {
  cli = await createCli();
});
const [major = 0, minor = 0, patch = 0] = VERSION.split('.').map(Number);

/** Answers as a server of another version names itself; without one as 0.1.0 does. */
function from(version: string | undefined, change = (answer: Response) => answer): void {
  const { fetch } = cli;
  cli.fetch = async (...asked) => {
    const answer = change(await fetch(...asked));
    const headers = new Headers(answer.headers);
    headers.delete(VERSION_HEADER);
    if (version !== undefined) headers.set(VERSION_HEADER, version);
    return new Response(answer.status === 204 ? null : await answer.text(), {
      status: answer.status,
      headers,
    });
  };
}
const problem = (status: number, code: string, detail: string) => () =>
  new Response(JSON.stringify({ type: `/problems/${code}`, code, detail, status }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
const notes = (err: string) => err.split('\n').filter((line) => line.startsWith('note: '));

describe('a server of another version', () => {
  it.each([
    ['the same', VERSION],
    ['newer by a patch', `${major}.${minor}.${patch + 1}`],
    ['newer by a minor', `${major}.${minor + 1}.0`],
  ])('is nothing to say where it is %s', async (_, version) => {
    from(version);
    expect(await cli.as('dev')('list')).toMatchObject({ exit: 0, err: '' });
  });

  it.each([
    ['older', '0.0.9', 'is Sluice 0.0.9'],
    ['of before versions were named', undefined, 'names no version, as Sluice 0.1.0 does'],
    ['one that names none in earnest', `<\u00e9>${'9'.repeat(30)}`, 'names no version'],
    ['newer by a major', `${major + 1}.0.0`, `is Sluice ${major + 1}.0.0`],
  ])('is said in one line, once, where it is %s', async (_, version, words) => {
    from(version);
    const said = await cli.as('dev')('status');
    expect(said.exit).toBe(0);
    expect(notes(said.err)).toEqual([expect.stringContaining(words)]);
    expect(said.err).toContain('use the sluice of ');
    const json = await cli.as('dev')('status', '--output', 'json');
    expect(JSON.stringify(JSON.parse(json.out))).not.toContain('note: ');
    expect(notes(json.err)).toHaveLength(1);
  });

  it('is not judged by what a gateway or a proxy before it answers', async () => {
    from(undefined, () => Response.json({ message: 'Unauthorized' }, { status: 401 }));
    const said = await cli.as('dev')('list');
    expect(said.exit).toBe(12);
    expect(notes(said.err)).toEqual([]);
  });

  it.each([
    ['an unknown path', problem(404, 'unknown_operation', 'there is nothing at this path')],
    ['an unknown path of 0.1.0', problem(404, 'not_found', 'there is nothing at this path')],
    ['a path without this method', problem(405, 'method_not_allowed', 'this path knows GET')],
    ['a path that its gateway does not know', () => Response.json({ message: 'Not Found' }, { status: 404 })],
  ])('ends a verb that it does not know as not supported: %s', async (_, answer) => {
    from('0.1.9', answer);
    const said = await cli.as('dev')('freeze', 'list', '--env', 'production', '--output', 'json');
    expect(said.exit).toBe(16);
    expect(JSON.parse(said.out).error).toMatchObject({ code: 'not_supported', exit_code: 16 });
    expect(said.err).toContain('not supported by the server');
    expect(said.err).toContain(SERVER);
  });

  it('is no reason to call a missing thing unsupported', async () => {
    from(undefined);
    expect(await cli.as('dev')('show', 'prom-none')).toMatchObject({ exit: 3 });
    for (const id of ['no id', 'x'.repeat(200), '%2e%2e'])
      expect(await cli.as('dev')('show', id), id).toMatchObject({ exit: 3 });
  });

  it('takes what cannot be an id for a missing thing, at a server of today too', async () => {
    for (const id of ['no id', 'x'.repeat(200)])
      expect(await cli.as('dev')('show', id), id).toMatchObject({ exit: 3 });
  });

  it('says by the real router which paths it does not know', async () => {
    const { status, headers, body } = await cli.world.as('dev')('GET', '/api/v1/nothing-of-this-kind');
    expect({ status, code: body.code, version: headers[VERSION_HEADER] }).toEqual({
      status: 404,
      code: 'unknown_operation',
      version: VERSION,
    });
  });
});

describe('sluice --version', () => {
  const asked = (env: Record<string, string> = { SLUICE_URL: SERVER }) => cli.run(env, '--version');

  it('shows both, and nothing of a server where none is known', async () => {
    expect(await asked()).toEqual({ exit: 0, out: `0.0.0\nserver ${VERSION} (${SERVER})\n`, err: '' });
    expect(await asked({})).toEqual({ exit: 0, out: '0.0.0\n', err: '' });
    expect(await asked({ SLUICE_URL: 'no address' })).toEqual({ exit: 0, out: '0.0.0\n', err: '' });
  });

  it('sends no token', async () => {
    const { fetch } = cli;
    const sent: (string | null)[] = [];
    cli.fetch = async (input, init) => {
      sent.push(new Headers(init?.headers).get('authorization'));
      return fetch(input, init);
    };
    await asked({ SLUICE_URL: SERVER, SLUICE_TOKEN: 'dev' });
    expect(sent).toEqual([null]);
  });

  it('knows 0.1.0 by its health, and takes no other page for Sluice', async () => {
    from(undefined);
    expect((await asked()).out).toContain('server 0.1.0');
    from(undefined, () => new Response('<html>', { status: 200 }));
    expect((await asked()).out).toBe('0.0.0\n');
  });

  it('does not hang where the server takes the connection and says nothing', async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const address = silent.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { send } = processTerminal();
    cli.fetch = async (input, { signal } = {}) => {
      if (!(input instanceof URL) || !signal) throw new Error('no end is set');
      const { status } = await send(input, { signal });
      return new Response('', { status });
    };
    expect(await asked({ SLUICE_URL: `http://127.0.0.1:${address.port}` })).toMatchObject({ out: '0.0.0\n' });
    silent.close();
  });
});
