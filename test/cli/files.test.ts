import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
const dev = (...argv: string[]) => cli.as('dev')(...argv);
const at = (name: string) => join(cli.home, name);
beforeEach(async () => {
  cli = await createCli();
  expect((await dev('config', 'set', 'a.b', '1', '--env', 'staging')).exit).toBe(0);
});
const value = async (): Promise<unknown> =>
  jsonOf(await dev('config', 'get', 'a.b', '--env', 'staging', '-o', 'json')).entry.value;

describe('a file that is written', () => {
  const exports = [
    ['config', ['config', 'export', '--env', 'staging']],
    ['the record', ['audit', 'export']],
  ] as const;

  it.each(exports)('keeps what it had where the export of %s fails', async (_, argv) => {
    await writeFile(at('kept'), 'precious');
    const { fetch } = cli;
    cli.fetch = async (input, init) =>
      /export|checkpoint/.test(String(input)) ? new Response('{}', { status: 404 }) : fetch(input, init);
    expect((await cli.as('admin')(...argv, '--file', 'kept')).exit).toBe(3);
    expect(await readFile(at('kept'), 'utf8')).toBe('precious');
    expect(await readdir(cli.home)).toEqual(['kept']);
  });

  it.each(exports)('says why it cannot be: %s', async (_, argv) => {
    await mkdir(at('folder'));
    for (const file of ['folder', 'none/file']) {
      const { exit, out } = await cli.as('admin')(...argv, '--file', file, '-o', 'json');
      expect(exit).toBe(2);
      expect(JSON.parse(out).error).toMatchObject({ code: 'usage' });
      expect(JSON.parse(out).error.message).toContain(`cannot write ${file}`);
    }
    expect(await readdir(cli.home)).toEqual(['folder']);
  });

  it('replaces what a link names, and leaves devices alone', async () => {
    await writeFile(at('real'), 'old');
    await symlink(at('real'), at('link'));
    expect((await dev('config', 'export', '--env', 'staging', '--file', 'link')).exit).toBe(0);
    expect(JSON.parse(await readFile(at('real'), 'utf8')).entries).toHaveLength(1);
    expect((await dev('config', 'export', '--env', 'staging', '--file', '/dev/null')).exit).toBe(0);
    expect((await readdir(cli.home)).sort()).toEqual(['link', 'real']);
  });
});

describe('a value that was typed', () => {
  it.each([
    ['1e400', 'value is not a number that JSON has'],
    ['{"a":[1e999]}', '0 is not a number that JSON has'],
    ['{"a":1,"a":2}', 'a is there twice'],
    ['{"a":{"b":1,"\\u0062":2}}', 'b is there twice'],
  ])('never becomes another one: %s', async (text, message) => {
    const { exit, err } = await dev('config', 'set', 'a.b', text, '--env', 'staging');
    expect(exit).toBe(2);
    expect(err).toContain(message);
    expect(await value()).toBe(1);
    expect((await dev('config', 'set', 'a.b', '--text', text, '--env', 'staging')).exit).toBe(0);
    expect(await value()).toBe(text);
  });

  it.each([
    ['null', null],
    ['nul', 'nul'],
    ['{"a":[1,{"a":2}]}', { a: [1, { a: 2 }] }],
  ])('is what it says: %s', async (text, expected) => {
    expect((await dev('config', 'set', 'a.b', text, '--env', 'staging')).exit).toBe(0);
    expect(await value()).toEqual(expected);
  });

  it('is no other in a file either', async () => {
    const entry = (text: string) => `[{"kind":"config","key":"a.b","value":${text}}]`;
    for (const text of ['1e400', '{"x":1,"x":2}']) {
      cli.input = entry(text);
      expect((await dev('config', 'import', '-', '--env', 'staging')).exit).toBe(2);
    }
    cli.input = 'name: canary\nrank: .inf\n';
    const made = await cli.as('admin')('environments', 'create', '-f', '-');
    expect(made).toMatchObject({ exit: 2, err: expect.stringContaining('rank is not a number') });
    expect(await value()).toBe(1);
  });

  it('names the whole command whose help explains it', async () => {
    const { exit, err } = await dev('flag-key', 'create', 'k', '--env', 'staging', '--type', 'nope');
    expect(exit).toBe(2);
    expect(err).toContain('See `sluice flag-key create --help`.');
  });
});
