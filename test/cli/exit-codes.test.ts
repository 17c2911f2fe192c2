import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { EXIT, EXIT_OF_PROBLEM } from '../../cli/exit.ts';
import { PROBLEM_STATUS, type ProblemCode, problem } from '../../functions/contract/problem.ts';
import { RECORD_TYPE, signedBytes } from '../../functions/domain/artifact/promotion-record.ts';
import { testSigner } from '../support/signer.ts';
import { type Cli, createCli, jsonOf, removeFolders, type Said, SERVER } from './cli-world.ts';

afterAll(removeFolders);

let cli: Cli;
beforeEach(async () => {
  cli = await createCli();
  await set('staging', 'query.timeout', 30);
});

const set = async (environment: string, key: string, value: unknown): Promise<void> => {
  const path = `/api/v1/config/environments/${environment}/configs/${key}`;
  expect((await cli.world.as('dev')('PUT', path, { value })).status).toBe(200);
};
const dev = (...argv: string[]) => cli.as('dev')(...argv);
const alice = (...argv: string[]) => cli.as('alice')(...argv);
const admin = (...argv: string[]) => cli.as('admin')(...argv);
const promote = ['promote', '--key', 'query.timeout', '--to', 'production'];
const requested = async (): Promise<string> => jsonOf(await dev(...promote, '-o', 'json')).promotion.id;
const approved = async (): Promise<string> => {
  const id = await requested();
  expect((await alice('approve', id)).exit).toBe(0);
  return id;
};
/** A gate in front of production that no report has passed. */
const gated = async (): Promise<void> => {
  const gates = [{ name: 'policy_compliance' }, { name: 'tests', applies_to: ['config'] }];
  const body = { gates, reason: 'test' };
  expect((await cli.world.as('admin')('PATCH', '/api/v1/environments/production', body)).status).toBe(200);
};

type Situation = readonly [exit: number, code: string | undefined, what: string, run: () => Promise<Said>];

const SITUATIONS: readonly Situation[] = [
  [0, undefined, 'a list', () => dev('list')],
  [0, undefined, 'a request that waits for approval', () => dev(...promote)],
  [0, undefined, 'nothing to promote', () => dev('promote', '--all', '--to', 'staging')],
  [0, undefined, 'no differences', () => dev('diff', 'staging', 'staging')],
  [1, undefined, 'differences', () => dev('diff', 'staging', 'production')],
  [
    9,
    'rejected',
    'a wait for what is rejected',
    async () => {
      const id = await requested();
      await alice('reject', id, '--reason', 'no');
      return dev('watch', id);
    },
  ],
  [
    9,
    'cancelled',
    'a wait for what is cancelled',
    async () => {
      const id = await requested();
      expect((await dev('cancel', id)).exit).toBe(0);
      return dev('watch', id);
    },
  ],
  [2, 'usage', 'an unknown verb', () => dev('prmote')],
  [2, 'usage', 'an unknown option', () => dev('list', '--nope')],
  [
    2,
    'usage',
    'an unknown value',
    () => dev('promote', '--to', 'production', '--all', '--execution', 'soon'),
  ],
  [2, 'usage', 'a number that is none', () => dev('list', '--limit', 'many')],
  [2, 'usage', 'a promotion of nothing in particular', () => dev('promote', '--to', 'production')],
  [2, 'invalid_request', 'a value that the server refuses', () => dev('list', '--kind', 'nope')],
  [3, 'not_found', 'an unknown promotion', () => dev('show', 'prom-none')],
  [3, 'unknown_environment', 'an unknown environment', () => dev('promote', '--all', '--to', 'moon')],
  [
    5,
    'unavailable',
    'a server that is not there',
    () => {
      cli.fetch = async () => {
        throw new TypeError('fetch failed', {
          cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }),
        });
      };
      return dev('list');
    },
  ],
  [
    5,
    'unavailable',
    'a server that is overloaded',
    () => {
      cli.fetch = async () => answer('unavailable');
      return dev('list');
    },
  ],
  [
    6,
    'not_verified',
    'a record that was tampered with',
    async () => {
      await approved();
      await cli.as('admin')('audit', 'export', '--file', 'audit.jsonl');
      const path = join(cli.home, 'audit.jsonl');
      const { readFile } = await import('node:fs/promises');
      await writeFile(path, (await readFile(path, 'utf8')).replaceAll('"alice"', '"mallory"'));
      return dev('audit', 'verify', 'audit.jsonl');
    },
  ],
  [
    6,
    'not_verified',
    'a record about another artifact',
    async () => {
      const bytes = Buffer.from(JSON.stringify({ artifact: { digest: `sha256:${'a'.repeat(64)}` } }));
      const sig = await testSigner.signMessage(signedBytes(bytes));
      const envelope = { payload: bytes.toString('base64'), payloadType: RECORD_TYPE, signatures: [{ sig }] };
      await writeFile(join(cli.home, 'record.json'), JSON.stringify(envelope));
      await writeFile(join(cli.home, 'key.pub'), await testSigner.publicKey());
      const about = ['--digest', `sha256:${'b'.repeat(64)}`];
      return dev('audit', 'verify-record', 'record.json', '--key', 'key.pub', ...about);
    },
  ],
  [
    6,
    'not_verified',
    'a proof that was tampered with',
    async () => {
      await writeFile(join(cli.home, 'proof.json'), '{"v":1}');
      return dev('audit', 'verify-proof', 'proof.json');
    },
  ],
  [
    8,
    'gate_failed',
    'a gate that did not pass',
    async () => {
      await gated();
      return dev(...promote);
    },
  ],
  [
    8,
    'gate_failed',
    'a dry run of the same',
    async () => {
      await gated();
      return dev(...promote, '--dry-run');
    },
  ],
  [9, 'missing_stages', 'a skipped stage', () => dev('promote', '--all', '--from', 'dev', '--to', 'prod')],
  [
    9,
    'already_decided',
    'a decision that was made already',
    async () => {
      const id = await requested();
      await alice('reject', id, '--reason', 'no');
      return alice('approve', id);
    },
  ],
  [
    9,
    'already_open',
    'a second request for the same',
    async () => {
      await requested();
      return dev(...promote);
    },
  ],
  [
    11,
    'source_not_deployed',
    'an agent that is not in the source',
    async () => {
      await cli.world.as('admin')('POST', '/api/v1/gateways', { id: 'gw-1', environment: 'production' });
      return dev('promote', '--agent', 'agent-1', '--to', 'production');
    },
  ],
  [12, 'unauthenticated', 'nobody', () => cli.run({ SLUICE_URL: SERVER }, 'list')],
  [12, 'not_authorized', 'somebody without the role', () => cli.as('viewer')(...promote)],
  [12, 'tenant_mismatch', "another's tenant", () => dev('list', '--tenant', 'globex')],
  [
    13,
    'locked',
    'a locked environment',
    async () => {
      const id = await approved();
      await admin('lock', '--env', 'production', '--reason', 'incident');
      return dev('execute', id);
    },
  ],
  [
    13,
    'frozen',
    'a frozen environment',
    async () => {
      const id = await approved();
      const freeze = { reason: 'fair', starts_at: '2026-11-20T00:00:00Z', ends_at: '2026-11-30T00:00:00Z' };
      await cli.world.as('admin')('POST', '/api/v1/environments/production/freezes', freeze);
      return dev('execute', id);
    },
  ],
  [14, 'separation_of_duties', 'one who approves their own', async () => dev('approve', await requested())],
  [15, 'waiting', 'a wait that takes too long', () => dev(...promote, '--wait', '--timeout', '30s')],
  [
    130,
    'interrupted',
    'Ctrl-C while it waits',
    () => {
      cli.during = async () => cli.stop.abort();
      return dev(...promote, '--wait');
    },
  ],
];

/** A problem as the server answers it. */
const answer = (code: ProblemCode): Response =>
  new Response(JSON.stringify(problem(code, 'it is so', 'request-1')), {
    status: PROBLEM_STATUS[code],
    headers: { 'content-type': 'application/problem+json' },
  });

describe('the exit', () => {
  it.each(SITUATIONS)('is %i (%s) for %s', async (exit, code, _, situation) => {
    const said = await situation();
    expect(said, said.out + said.err).toMatchObject({ exit });
    if (code !== undefined) expect(said.err).toMatch(/^(?:.*\n)*error: /);
  });

  it.each(SITUATIONS.filter(([, code]) => code !== undefined))(
    'comes with JSON that says so: %i (%s) for %s',
    async (exit, code, _, situation) => {
      const plain = cli.run;
      cli.run = (env, ...argv) => plain(env, ...argv, ...(argv.includes('-o') ? [] : ['--output', 'json']));
      const said = await situation();
      expect(JSON.parse(said.out)).toMatchObject({ ok: false, error: { code, exit_code: exit } });
    },
  );

  it.each(Object.keys(EXIT_OF_PROBLEM).filter((code): code is ProblemCode => code in PROBLEM_STATUS))(
    'of the problem %s is one of the list',
    async (code) => {
      cli.fetch = async () => answer(code);
      const said = await dev('show', 'prom-1', '--output', 'json');
      expect(said.exit).toBe(EXIT_OF_PROBLEM[code]);
      expect(Object.values(EXIT)).toContain(said.exit);
    },
  );

  it('is in the help, each number with its meaning', async () => {
    const { out, exit } = await cli.run({}, '--help');
    expect(exit).toBe(0);
    for (const number of Object.values(EXIT)) expect(out).toMatch(new RegExp(`^ +${number}  \\S`, 'm'));
  });
});
