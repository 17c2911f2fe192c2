import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { RECORD_TYPE, signedBytes } from '../../functions/domain/artifact/promotion-record.ts';
import { digestOfBytes } from '../../functions/domain/digest.ts';
import { testSigner } from '../support/signer.ts';
import { holdAnswers, VERBS } from './answers.ts';
import { setupScene } from './aws-account.ts';
import { type Cli, createCli, jsonOf, removeFolders, type Said, SERVER } from './cli-world.ts';
import { NOUN_SCENES, type Scene } from './noun-scenes.ts';
import { consistencyScene, proofScene } from './proof-scene.ts';

afterAll(removeFolders);
afterAll(() => vi.unstubAllEnvs());

const config = async (cli: Cli): Promise<void> => {
  for (const [key, value] of [
    ['query.timeout', 30],
    ['query.limit', 100],
  ]) {
    const path = `/api/v1/config/environments/staging/configs/${key}`;
    expect((await cli.world.as('dev')('PUT', path, { value })).status).toBe(200);
  }
};
const requested = async (cli: Cli): Promise<string> => {
  await config(cli);
  const said = await cli.as('dev')('promote', '--key', 'query.timeout', '--to', 'production', '-o', 'json');
  return jsonOf(said).promotion.id;
};
const approved = async (cli: Cli): Promise<string> => {
  const id = await requested(cli);
  jsonOf(await cli.as('alice')('approve', id, '-o', 'json'));
  return id;
};
const completed = async (cli: Cli): Promise<string> => {
  const id = await approved(cli);
  jsonOf(await cli.as('dev')('execute', id, '--wait', '-o', 'json'));
  return id;
};
/** An agent promotion that its gateway refused. */
const failed = async (cli: Cli): Promise<string> => {
  const { world } = cli;
  for (const environment of ['staging', 'production']) {
    const asked = environment === 'production' ? { driver: 'http', endpoint: 'https://gw.example.com' } : {};
    await world.as('admin')('POST', '/api/v1/gateways', { id: `gw-${environment}`, environment, ...asked });
  }
  const body = { agent_id: 'agent-1', gateway_id: 'gw-staging', environment: 'staging' };
  await world.as('dev')('POST', '/api/v1/deployments', body);
  const asked = ['promote', '--agent', 'agent-1', '--to', 'production', '-o', 'json'];
  const { id } = jsonOf(await cli.as('dev')(...asked)).promotion;
  jsonOf(await cli.as('alice')('approve', id, '-o', 'json'));
  world.outcome = { outcome: 'refused', message: 'no room' };
  expect((await cli.as('dev')('execute', id, '--wait')).exit).toBe(1);
  world.outcome = { outcome: 'live' };
  return id;
};
const exported = async (cli: Cli): Promise<void> => {
  await completed(cli);
  expect((await cli.as('admin')('audit', 'export', '--file', 'audit.jsonl')).exit).toBe(0);
};

const flagged = async (cli: Cli): Promise<void> => {
  const body = { enabled: true, variants: { on: true, off: false }, defaultVariant: 'on' };
  const made = await cli.world.as('dev')(
    'PUT',
    '/api/v1/config/environments/staging/flags/checkout.new',
    body,
  );
  expect(made.status).toBe(200);
};
const keyed = async (cli: Cli): Promise<string> =>
  jsonOf(await cli.as('admin')('flag-key', 'create', 'billing', '--env', 'staging', '-o', 'json')).key.id;
const report = async (cli: Cli): Promise<string> => {
  await writeFile(join(cli.home, 'report.json'), '{"passed":true}');
  return requested(cli);
};

const FREEZE = ['--from', '2026-12-24T00:00:00Z', '--until', '2026-12-27T00:00:00Z', '--reason', 'holidays'];
const frozen = async (cli: Cli): Promise<string> => {
  const said = await cli.as('admin')('freeze', 'create', '--env', 'production', ...FREEZE, '-o', 'json');
  return jsonOf(said).item.id;
};

const SCENES: { readonly [verb: string]: Scene } = {
  login: async () => ['dev', 'login', '--url', SERVER],
  whoami: async () => ['dev', 'whoami'],
  contexts: async (cli) => {
    await cli.as('dev')('login', '--name', 'acme');
    return ['dev', 'contexts'];
  },
  'promote status': async () => ['dev', 'promote', 'status'],
  status: async (cli) => {
    await completed(cli);
    return ['dev', 'status'];
  },
  list: async (cli) => {
    await requested(cli);
    return ['dev', 'list'];
  },
  inbox: async (cli) => {
    await requested(cli);
    return ['alice', 'inbox'];
  },
  show: async (cli) => ['dev', 'show', await completed(cli)],
  summary: async (cli) => ['dev', 'summary', await requested(cli)],
  watch: async (cli) => ['dev', 'watch', await completed(cli)],
  diff: async (cli) => {
    await config(cli);
    return ['dev', 'diff', 'staging', 'production'];
  },
  promote: async (cli) => {
    await config(cli);
    return ['dev', 'promote', '--all', '--to', 'prod'];
  },
  approve: async (cli) => ['alice', 'approve', await requested(cli)],
  reject: async (cli) => ['alice', 'reject', await requested(cli), '--reason', 'no'],
  'request-changes': async (cli) => ['alice', 'request-changes', await requested(cli), '--reason', 'smaller'],
  resubmit: async (cli) => {
    const id = await requested(cli);
    jsonOf(await cli.as('alice')('request-changes', id, '--reason', 'smaller', '-o', 'json'));
    return ['dev', 'resubmit', id];
  },
  validate: async (cli) => ['dev', 'validate', await requested(cli)],
  execute: async (cli) => ['dev', 'execute', await approved(cli)],
  schedule: async (cli) => ['dev', 'schedule', await requested(cli), '--at', '2026-11-23T18:00:00+01:00'],
  cancel: async (cli) => ['dev', 'cancel', await requested(cli)],
  retry: async (cli) => ['dev', 'retry', await failed(cli)],
  rollback: async (cli) => ['dev', 'rollback', await completed(cli), '--dry-run'],
  'config list': async (cli) => {
    await config(cli);
    return ['dev', 'config', 'list', '--env', 'staging'];
  },
  'config get': async (cli) => {
    await config(cli);
    return ['dev', 'config', 'get', 'query.timeout', '--env', 'staging'];
  },
  'config set': async () => ['dev', 'config', 'set', 'a.b', '{"c":[1]}', '--env', 'staging'],
  'config unset': async (cli) => {
    await config(cli);
    return ['dev', 'config', 'unset', 'query.timeout', 'query.limit', '--env', 'staging'];
  },
  'config import': async (cli) => {
    await writeFile(join(cli.home, 'settings.yaml'), 'query:\n  timeout: 45\n');
    return ['dev', 'config', 'import', 'settings.yaml', '--env', 'staging'];
  },
  'config export': async (cli) => {
    await config(cli);
    return ['dev', 'config', 'export', '--env', 'staging'];
  },
  'config edit': async (cli) => {
    await config(cli);
    cli.env['EDITOR'] = 'sed -i s/100/200/';
    return ['dev', 'config', 'edit', '--env', 'staging'];
  },
  'flag list': async (cli) => {
    await flagged(cli);
    return ['dev', 'flag', 'list', '--env', 'staging'];
  },
  'flag get': async (cli) => {
    await flagged(cli);
    return ['dev', 'flag', 'get', 'checkout.new', '--env', 'staging'];
  },
  'flag on': async (cli) => {
    await flagged(cli);
    return ['dev', 'flag', 'on', 'checkout.new', '--env', 'staging'];
  },
  'flag off': async (cli) => {
    await flagged(cli);
    return ['dev', 'flag', 'off', 'checkout.new', '--env', 'staging'];
  },
  'flag set': async (cli) => {
    cli.input = 'variants: {on: true, off: false}\ndefaultVariant: off\n'.replace('off\n', '"off"\n');
    return ['dev', 'flag', 'set', 'checkout.new', '--env', 'staging', '-f', '-'];
  },
  'flag unset': async (cli) => {
    await flagged(cli);
    return ['dev', 'flag', 'unset', 'checkout.new', '--env', 'staging'];
  },
  'flag evaluate': async (cli) => {
    const rules = [{ name: 'paying', when: { field: 'plan', op: 'eq', value: 'pro' }, variant: 'on' }];
    cli.input = JSON.stringify({
      variants: { on: true, off: false },
      defaultVariant: 'off',
      targeting: { rules },
    });
    await flagged(cli);
    const context = ['--evaluation-context', '{"plan":"free"}', '--targeting-key', 'user-1'];
    return ['dev', 'flag', 'evaluate', 'checkout.new', '--env', 'staging', '-f', '-', ...context];
  },
  'flag-key create': async () => {
    const pages = ['--type', 'browser', '--origin', 'https://app.example.com'];
    return ['admin', 'flag-key', 'create', 'shop', '--env', 'staging', ...pages];
  },
  'flag-key list': async (cli) => {
    await keyed(cli);
    return ['admin', 'flag-key', 'list'];
  },
  'flag-key revoke': async (cli) => [
    'admin',
    'flag-key',
    'revoke',
    await keyed(cli),
    '--reason',
    'published',
  ],
  'evidence attach': async (cli) => {
    const about = ['--gate', 'tests', '--format', 'json', '--promotion', await report(cli)];
    return ['dev', 'evidence', 'attach', 'report.json', ...about];
  },
  'evidence list': async (cli) => {
    const id = await report(cli);
    const about = ['--gate', 'tests', '--format', 'json', '--promotion', id];
    expect((await cli.as('dev')('evidence', 'attach', 'report.json', ...about)).exit).toBe(0);
    return ['dev', 'evidence', 'list', '--promotion', id];
  },
  'gate run': async (cli) => [
    'dev',
    'gate',
    'run',
    'tests',
    '--promotion',
    await requested(cli),
    '--',
    'true',
  ],
  'freeze list': async (cli) => {
    await frozen(cli);
    return ['dev', 'freeze', 'list', '--env', 'production'];
  },
  'freeze create': async () => ['admin', 'freeze', 'create', '--env', 'production', ...FREEZE],
  'freeze delete': async (cli) => [
    'admin',
    'freeze',
    'delete',
    await frozen(cli),
    '--env',
    'production',
    '--reason',
    'over',
  ],
  record: async () => ['dev', 'record', '--agent', 'agent-1', '--env', 'staging'],
  apply: async (cli) => {
    cli.input = 'artifacts:\n  promotion:\n    gates:\n      staging:\n        tests: true\n';
    return ['admin', 'apply', '-f', '-', '--reason', 'as agreed'];
  },
  ...NOUN_SCENES,
  lock: async () => ['admin', 'lock', '--env', 'production', '--reason', 'incident'],
  unlock: async () => ['admin', 'unlock', '--env', '*', '--reason', 'over'],
  'audit search': async (cli) => {
    await completed(cli);
    return ['admin', 'audit', 'search'];
  },
  'audit changes': async () => ['admin', 'audit', 'changes'],
  'audit export': async (cli) => {
    await completed(cli);
    return ['admin', 'audit', 'export', '--file', 'audit.jsonl'];
  },
  'audit verify': async (cli) => {
    await exported(cli);
    return ['dev', 'audit', 'verify', 'audit.jsonl'];
  },
  'audit verify-record': async (cli) => {
    const bytes = Buffer.from(JSON.stringify({ artifact: { digest: digestOfBytes('the artifact') } }));
    const sig = await testSigner.signMessage(signedBytes(bytes));
    const envelope = { payload: bytes.toString('base64'), payloadType: RECORD_TYPE, signatures: [{ sig }] };
    await writeFile(join(cli.home, 'record.json'), JSON.stringify(envelope));
    await writeFile(join(cli.home, 'key.pub'), await testSigner.publicKey());
    return ['dev', 'audit', 'verify-record', 'record.json', '--key', 'key.pub'];
  },
  'audit verify-proof': proofScene,
  'audit verify-consistency': consistencyScene,
  'setup aws': setupScene,
  doctor: async () => ['dev', 'doctor'],
};

const typed = async (name: string, more: readonly string[]): Promise<Said> => {
  const cli = await createCli();
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`no scene for ${name}`);
  const [who, ...argv] = await scene(cli);
  // Options of every verb come before `--`, after which everything belongs to a command.
  return cli.as(who)(...more, ...argv);
};

/** Held in a file of their own: they need registries. */
const ELSEWHERE = ['publish', 'versions', 'pins'];

for (const [name] of VERBS) {
  if (!name.startsWith('platform ') && !ELSEWHERE.includes(name))
    holdAnswers(name, (...more) => typed(name, more));
}

it('says the same as `sluice platform <verb>`', async () => {
  const names = VERBS.map(([name]) => name);
  const own = names.filter((name) => !name.startsWith('platform '));
  expect(names.filter((name) => name.startsWith('platform '))).toEqual(own.map((name) => `platform ${name}`));
});
