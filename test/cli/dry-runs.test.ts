import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createWorld, type Name } from '../handlers/api-world.ts';
import { everythingIn, memoryStores } from '../support/replayed-stores.ts';
import { type Cli, createCli, jsonOf, removeFolders } from './cli-world.ts';

afterAll(removeFolders);

/** A world with something of everything that these verbs change, its files, and a promotion that waits. */
async function cliToTry() {
  const cli = await createCli(await createWorld(memoryStores));
  const dev = cli.world.as('dev');
  await dev('PUT', '/api/v1/config/environments/staging/configs/query.timeout', { value: 30 });
  const flag = { enabled: true, variants: { on: true, off: false }, defaultVariant: 'on' };
  await dev('PUT', '/api/v1/config/environments/staging/flags/checkout.new', flag);
  await writeFile(join(cli.home, 'settings.yaml'), 'query:\n  timeout: 45\n  limit: 5\n');
  const many = Array.from({ length: 1200 }, (_, at) => ({ kind: 'config', key: `many.k${at}`, value: at }));
  await writeFile(join(cli.home, 'many.json'), JSON.stringify({ entries: many }));
  await writeFile(join(cli.home, 'twice.json'), JSON.stringify([...many, { ...many[0], value: 'else' }]));
  await writeFile(join(cli.home, 'flag.json'), JSON.stringify({ ...flag, enabled: false }));
  await writeFile(join(cli.home, 'rule.json'), RULE);
  return cli;
}

const RULE = JSON.stringify({ name: 'nightly', source_environment: 'dev', target_environment: 'staging' });
const promoted = async (cli: Cli): Promise<string> => {
  const asked = ['promote', '--key', 'query.timeout', '--to', 'production', '-o', 'json'];
  return jsonOf(await cli.as('dev')(...asked)).promotion.id;
};
const approved = async (cli: Cli): Promise<string> => {
  const id = await promoted(cli);
  jsonOf(await cli.as('alice')('approve', id, '-o', 'json'));
  return id;
};
const ruled = async (cli: Cli): Promise<string> =>
  jsonOf(await cli.as('admin')('rules', 'create', '-f', 'rule.json', '-o', 'json')).item.id;

type Typed = readonly [Name, ...string[]];

/** What is typed, without `--dry-run`. */
const LINES: { readonly [verb: string]: (cli: Cli) => Promise<Typed> } = {
  'config set': async () => ['dev', 'config', 'set', 'query.timeout', '45', '--env', 'staging'],
  'config unset': async () => ['dev', 'config', 'unset', 'query.timeout', '--env', 'staging'],
  'config import': async () => ['dev', 'config', 'import', 'settings.yaml', '--env', 'staging'],
  'config import in parts': async () => ['dev', 'config', 'import', 'many.json', '--env', 'staging'],
  'config edit': async (cli) => {
    cli.env['EDITOR'] = 'sed -i s/30/31/';
    return ['dev', 'config', 'edit', '--env', 'staging'];
  },
  'flag off': async () => ['dev', 'flag', 'off', 'checkout.new', '--env', 'staging'],
  'flag set': async () => ['dev', 'flag', 'set', 'checkout.new', '-f', 'flag.json', '--env', 'staging'],
  'flag unset': async () => ['dev', 'flag', 'unset', 'checkout.new', '--env', 'staging'],
  'flag-key create': async () => ['admin', 'flag-key', 'create', 'billing', '--env', 'staging'],
  lock: async () => ['admin', 'lock', '--env', 'production', '--reason', 'incident'],
  'lock all': async () => ['admin', 'lock', '--env', '*', '--reason', 'incident'],
  unlock: async (cli) => {
    jsonOf(await cli.as('admin')('lock', '--env', 'production', '--reason', 'incident', '-o', 'json'));
    return ['admin', 'unlock', '--env', 'production', '--reason', 'over'];
  },
  'freeze create': async () => [
    ...(['admin', 'freeze', 'create', '--env', 'staging', '--reason', 'holidays'] as const),
    ...['--from', '2026-12-24T00:00:00Z', '--until', '2026-12-27T00:00:00Z'],
  ],
  'rules create': async () => ['admin', 'rules', 'create', '-f', 'rule.json'],
  'rules delete': async (cli) => ['admin', 'rules', 'delete', await ruled(cli)],
  record: async () => ['dev', 'record', '--agent', 'agent-1', '--env', 'staging'],
  approve: async (cli) => ['alice', 'approve', await promoted(cli)],
  reject: async (cli) => ['alice', 'reject', await promoted(cli), '--reason', 'too long'],
  execute: async (cli) => ['dev', 'execute', await approved(cli)],
  schedule: async (cli) => ['dev', 'schedule', await promoted(cli), '--at', '2026-11-23T18:00:00Z'],
  cancel: async (cli) => ['dev', 'cancel', await promoted(cli)],
};

describe('--dry-run', () => {
  it.each(Object.keys(LINES))('of %s exits as the real run and leaves every byte as it was', async (verb) => {
    const cli = await cliToTry();
    const line = LINES[verb];
    if (line === undefined) throw new Error(verb);
    const [who, ...argv] = await line(cli);
    const before = everythingIn(cli.world.deps);
    const people = await cli.as(who)(...argv, '--dry-run');
    const machines = jsonOf(await cli.as(who)(...argv, '--dry-run', '--output', 'json'));
    expect(everythingIn(cli.world.deps)).toBe(before);
    expect(people.err).toContain('Nothing was written: this was a dry run.');
    expect(machines).toMatchObject({ ok: true, dry_run: true });
    const real = await cli.as(who)(...argv, '--output', 'json');
    expect(people.exit).toBe(real.exit);
    expect(jsonOf(real).dry_run).toBeUndefined();
    expect(everythingIn(cli.world.deps)).not.toBe(before);
  });

  it('says of an import what it would change, as the import does', async () => {
    const cli = await cliToTry();
    for (const file of ['settings.yaml', 'many.json']) {
      const argv = ['config', 'import', file, '--env', 'staging', '-o', 'json'];
      const tried = jsonOf(await cli.as('dev')(...argv, '--dry-run'));
      expect(tried.changed).toBe(jsonOf(await cli.as('dev')(...argv)).changed);
    }
  });

  it.each([
    ['a key that is given twice', 2, ['dev', 'config', 'import', 'twice.json', '--env', 'staging']],
    ['an environment that is not there', 3, ['dev', 'config', 'set', 'a', '1', '--env', 'nowhere']],
    ['a wrong key', 2, ['dev', 'config', 'set', 'a b', '1', '--env', 'staging']],
    ['a missing role', 12, ['viewer', 'lock', '--env', 'staging', '--reason', 'why']],
    ['one’s own request', 14, ['dev', 'approve']],
  ] as const)('exits with %s as the real run does', async (_, exit, [who, ...argv]) => {
    const cli = await cliToTry();
    const line = argv[0] === 'approve' ? [...argv, await promoted(cli)] : argv;
    for (const more of [['--dry-run'], []]) {
      const said = await cli.as(who)(...line, ...more);
      expect(said, said.err).toMatchObject({ exit });
    }
  });

  it('does not show a key that nobody can use', async () => {
    const cli = await cliToTry();
    const said = await cli.as('admin')('flag-key', 'create', 'billing', '--env', 'staging', '--dry-run');
    expect(said.out).not.toContain('sluice-key~');
  });

  it('is unknown to verbs that have none', async () => {
    const cli = await cliToTry();
    const said = await cli.as('dev')('status', '--dry-run');
    expect(said).toMatchObject({ exit: 2 });
  });
});
