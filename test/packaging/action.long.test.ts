import { execFile } from 'node:child_process';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAction } from '../../packaging/action.ts';
import { tgz } from '../../packaging/archives.ts';
import { buildCommandLine } from '../../packaging/command-line.ts';
import { type Ran, runAction } from '../support/action-runner.ts';
import { Api } from '../support/api.ts';
import { releases, root } from '../support/releases.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const run = promisify(execFile);

let base: string;
/** Where a runner lays the action out; a folder with a space in its name. */
let laid: string;
let runtime: Runtime;
let api: { readonly admin: Api; readonly dev: Api; readonly alice: Api };
/** What `configure-aws-credentials` would set. */
let signed: Readonly<Record<string, string>>;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'sluice-action-'));
  const { published, next } = releases;
  const archive = join(base, 'sluice-action.tgz');
  const commandLine = await buildCommandLine(root, published.cli, next.version);
  await writeFile(archive, await tgz(await buildAction(root, commandLine)));
  laid = join(base, 'as a runner', 'v1');
  await mkdir(laid, { recursive: true });
  await run('tar', ['-xzf', archive, '-C', laid]);
  runtime = await startRuntime();
  const as = async (who: string) => new Api(runtime.url, await runtime.token(`${who}@acme.com`));
  api = { admin: await as('admin'), dev: await as('dev'), alice: await as('alice') };
  const roles = [{ role: 'developer' }, { role: 'promoter' }];
  const changed = await api.admin.patch('/api/v1/principals/local-recorder', {
    roles,
    reason: 'it promotes',
  });
  expect(changed.status, JSON.stringify(changed.body)).toBe(200);
  const file = join(runtime.dataDir, 'machine-credentials.json');
  const [credential] = JSON.parse(await readFile(file, 'utf8')).items;
  signed = {
    AWS_ACCESS_KEY_ID: credential.access_key_id,
    AWS_SECRET_ACCESS_KEY: credential.secret_access_key,
  };
});
afterAll(async () => {
  await runtime?.stop();
  await rm(base, { recursive: true, force: true });
});

let runs = 0;
async function act(
  given: Readonly<Record<string, string>>,
  env = signed,
): Promise<Ran & { readonly work: string }> {
  runs += 1;
  const work = join(base, `job-${runs}`);
  const inputs = { url: runtime.url, 'aws-region': 'eu-central-1', ...given };
  const github = { GITHUB_RUN_ID: `${runs}`, GITHUB_RUN_ATTEMPT: '1', GITHUB_ACTION: 'promote' };
  return { ...(await runAction(laid, work, inputs, { ...env, ...github })), work };
}
const edited = async (key: string): Promise<void> => {
  const path = `/api/v1/config/environments/staging/configs/${key}`;
  expect((await api.dev.put(path, { value: key })).status).toBe(200);
};
const promotion = async (id = '') => (await api.dev.get(`/api/v1/promotions/${id}`)).body;
/** Nothing that an input holds was run: it would have left a file of this name somewhere. */
async function nothingRan(work: string): Promise<void> {
  const names = (await readdir(base, { recursive: true })).filter((name) => name.includes('pwned'));
  expect(names).toEqual([]);
  await expect(access(join(work, 'pwned'))).rejects.toThrow('ENOENT');
}

const HOSTILE = [
  '$(touch pwned)',
  '`touch pwned`',
  '"; touch pwned; "',
  "'; touch pwned; '",
  'a b\ttouch pwned',
  '--dry-run',
  '-o yaml',
  '--url=https://other.invalid',
  '-q',
  ['$', '{{ inputs.url }}'].join(''),
  '\n touch pwned\n',
  '$HOME ~ * ? \\ !',
] as const;

describe('the action, by its archive alone', () => {
  it('promotes as the machine, and waits until a person has approved', async () => {
    await edited('action.first');
    const approved = (async () => {
      for (;;) {
        const { items } = (await api.alice.get('/api/v1/promotions?waiting_for=me')).body;
        const [one] = items.filter(({ status }: { status: string }) => status === 'pending');
        if (one !== undefined) return await api.alice.post(`/api/v1/promotions/${one.id}/approve`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    })();
    const [done] = await Promise.all([
      act({ to: 'production', keys: 'action.first', timeout: '5m' }),
      approved,
    ]);
    expect(done, done.said).toMatchObject({ code: 0 });
    expect(await promotion(done.outputs['promotion-id'])).toMatchObject({ status: 'completed' });
    expect(done.summary).toContain('action.first');
    expect(done.summary).toContain('**completed**');
  });

  it('takes each hostile note as a note', async () => {
    for (const [at, notes] of HOSTILE.entries()) {
      await edited(`action.note-${at}`);
      const done = await act({ to: 'production', keys: `action.note-${at}`, notes, wait: 'false' });
      expect(done, done.said).toMatchObject({ code: 0 });
      const { body } = await api.dev.get(`/api/v1/config/promotions/${done.outputs['promotion-id']}`);
      expect([body.notes, body.promotion?.notes], JSON.stringify(body)).toContain(notes);
      await nothingRan(done.work);
    }
  });

  it.each([
    'to',
    'from',
    'keys',
    'patterns',
    'agent',
    'execution',
    'timeout',
    'dry-run',
    'all',
    'wait',
    'url',
    'aws-region',
  ])('takes a hostile %s for no more than that, and fails or asks for nothing by it', async (input) => {
    for (const text of HOSTILE) {
      const done = await act({ to: 'production', keys: 'action.none', wait: 'false', [input]: text });
      await nothingRan(done.work);
      expect(done.said).not.toMatch(/command not found|syntax error|SyntaxError/);
      // The machine sees no option that a value looks like.
      if (input !== 'timeout' && input !== 'wait') expect(done.outputs['promotion-id'] ?? '').toBe('');
    }
  });

  it('says on the page that nothing was requested where the server is not there, and fails by that exit', async () => {
    const done = await act({ url: 'http://127.0.0.1:1', to: 'production', keys: 'action.first' });
    expect(done).toMatchObject({ code: 5, outputs: { 'promotion-id': '' } });
    expect(done.summary).toContain('No promotion was requested');
  });

  it('says so where the command line itself does not start', async () => {
    const done = await act({ to: 'production', keys: 'action.first', cli: join(base, 'not there.mjs') });
    expect(done).toMatchObject({ code: 1, outputs: { 'promotion-id': '' } });
    expect(done.summary).toContain('No promotion was requested');
    expect(done.said).not.toContain('JSON.parse');
  });

  it('is refused without credentials', async () => {
    const done = await act({ to: 'production', keys: 'action.first' }, { AWS_EC2_METADATA_DISABLED: 'true' });
    expect(done).toMatchObject({ code: 12 });
  });

  it('has its steps ready to be run, whoever lays it out', async () => {
    for (const name of await readdir(join(laid, 'cli/pipeline'))) {
      await access(join(laid, 'cli/pipeline', name), 1);
    }
    await chmod(laid, 0o555);
    expect(
      (await act({ to: 'production', keys: 'action.none', 'dry-run': 'true' })).outputs['promotion-id'],
    ).toBe('');
    await chmod(laid, 0o755);
  });
});
