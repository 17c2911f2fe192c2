import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
const dev = (...argv: string[]) => cli.as('dev')(...argv);
const values = async (env: string) => jsonOf(await dev('config', 'list', '--env', env, '-o', 'json')).items;

beforeEach(async () => {
  cli = await createCli();
  await dev('config', 'set', 'query.timeout', '30', '--env', 'staging');
  await dev('config', 'set', 'query.hosts', '["a","b"]', '--env', 'staging');
});

describe('an environment that goes through a file', () => {
  it.each(['all.json', 'all.yaml', 'all.yml', 'all.txt'])('comes back as it was: %s', async (file) => {
    expect(await dev('config', 'export', '--env', 'staging', '--file', file)).toMatchObject({ exit: 0 });
    expect(await dev('config', 'import', file, '--env', 'development')).toMatchObject({ exit: 0 });
    const keyed = (items: { key: string; value: unknown }[]) => items.map(({ key, value }) => [key, value]);
    expect(keyed(await values('development'))).toEqual(keyed(await values('staging')));
  });

  it('is counted by its entries in every format', async () => {
    for (const file of ['all.json', 'all.yaml', 'all.env']) {
      const { out } = await dev('config', 'export', '--env', 'staging', '--file', file);
      expect(out).toContain('2 entries of staging');
    }
  });

  it('is written in the format that the name of the file says, unless another is asked for', async () => {
    const written = async (file: string, ...more: string[]) => {
      await dev('config', 'export', '--env', 'staging', '--file', file, ...more);
      return readFile(join(cli.home, file), 'utf8');
    };
    expect(await written('one.yaml')).toMatch(/^query/m);
    expect(await written('one.env')).toMatch(/^query\.timeout=/m);
    expect(JSON.parse(await written('two.yaml', '--format', 'json')).entries).toHaveLength(2);
  });
});
