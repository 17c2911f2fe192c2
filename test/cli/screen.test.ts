import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

/** Sets the title of a window, moves the cursor (with one character, too), and turns the direction of what follows. */
const HOSTILE = 'a\u001b]0;title\u0007b\u001b[2Kc\u009b2Jd\u202ee\rf';
const LINES = 'one\n\ttwo\u001b[2J\nthree';
/** Whether a text has control or format characters beside the ends of lines and tabs. */
const moves = (text: string): boolean => /\p{Cc}|\p{Cf}/u.test(text.replaceAll(/\r?\n|\t/g, ''));

let cli: Cli;
const dev = (...argv: string[]) => cli.as('dev')(...argv);
const set = async (key: string, value: unknown): Promise<void> => {
  const path = `/api/v1/config/environments/staging/configs/${key}`;
  expect((await cli.world.as('dev')('PUT', path, { value })).status).toBe(200);
};
beforeEach(async () => {
  cli = await createCli();
  await set('hostile', HOSTILE);
  await set('lines', LINES);
});

describe('what a server says', () => {
  it.each([
    ['config', 'get', 'hostile', '--env', 'staging'],
    ['config', 'get', 'hostile', '--env', 'staging', '-o', 'json'],
    ['config', 'get', 'hostile', '--env', 'staging', '-o', 'csv'],
    ['config', 'get', 'hostile', '--env', 'staging', '-o', 'yaml'],
    ['config', 'list', '--env', 'staging', '-o', 'csv'],
    ['config', 'list', '--env', 'staging'],
    ['config', 'export', '--env', 'staging', '--format', 'env'],
    ['config', 'set', 'hostile', HOSTILE, '--env', 'staging'],
  ])('moves no cursor of a screen: %j', async (...argv) => {
    cli.screen = true;
    const { exit, out, err } = await dev(...argv);
    expect(exit, err).toBe(0);
    expect([moves(out), moves(err)], out + err).toEqual([false, false]);
  });

  it('keeps its lines and tabs on a screen', async () => {
    cli.screen = true;
    expect((await dev('config', 'get', 'lines', '--env', 'staging')).out).toBe('one\n\ttwo\nthree\n');
    expect((await dev('config', 'list', '--env', 'staging', '-o', 'csv')).out).toContain('\r\n');
  });

  it('goes to a file byte for byte', async () => {
    expect((await dev('config', 'get', 'hostile', '--env', 'staging')).out).toBe(`${HOSTILE}\n`);
    const json = jsonOf(await dev('config', 'get', 'hostile', '--env', 'staging', '-o', 'json'));
    expect(json.entry.value).toBe(HOSTILE);
  });
});

describe('what names something in a path', () => {
  it.each([
    ['show', 'a'.repeat(100_000)],
    ['flag', 'get', 'ä'.repeat(3_000), '--env', 'staging'],
  ])('is refused before it is sent where no server takes it: %.40j', async (...argv) => {
    const asked: string[] = [];
    const { fetch } = cli;
    cli.fetch = async (input, init) => {
      asked.push(String(input));
      return fetch(input, init);
    };
    const { exit, out } = await dev(...argv, '-o', 'json');
    expect(exit, out).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect(out.length).toBeLessThan(1_000);
    expect(asked.filter((address) => address.length > 8_000)).toEqual([]);
  });

  it.each([
    ['show', ''],
    ['show', '..'],
    ['approve', '.'],
    ['environments', 'delete', '..'],
    ['config', 'get', '../../environments', '--env', 'staging'],
    ['config', 'unset', 'a//b', '--env', 'staging'],
    ['flag', 'get', '', '--env', 'staging'],
    ['config', 'list', '--env', '..'],
  ])('is no step to another path: %j', async (...argv) => {
    const asked: string[] = [];
    const { fetch } = cli;
    cli.fetch = async (input, init) => {
      asked.push(String(input));
      return fetch(input, init);
    };
    const { exit, out } = await dev(...argv, '-o', 'json');
    expect(exit).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'usage' } });
    expect(asked).toEqual([]);
  });
});

describe('the format of a failure', () => {
  it.each([
    [['-ojson', 'nope'], 'json'],
    [['--output=json', 'nope'], 'json'],
    [['-o', 'csv', '-o', 'json', 'nope'], 'json'],
    [['nope', '-o', 'json', '--', '-o', 'csv'], 'json'],
    [['nope', '--', '-o', 'json'], 'table'],
    [['nope', '-o', 'xml'], 'table'],
    [['nope', '-o'], 'table'],
  ])('is the one that was asked for, where parsing never came to it: %j', async (argv, format) => {
    const { exit, out } = await dev(...argv);
    expect(exit).toBe(2);
    if (format === 'json') expect(JSON.parse(out)).toMatchObject({ ok: false, error: { code: 'usage' } });
    else expect(out).toBe('');
  });
});
