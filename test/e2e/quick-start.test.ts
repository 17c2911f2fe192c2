import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import { bash, blocksOf, scriptOf } from '../support/guides.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';
import { commandsIn, commandsOf, marked, stepsIn } from '../support/tour.ts';

const root = join(import.meta.dirname, '../..');
let runtime: Runtime;
let folder: string;
beforeAll(async () => {
  [runtime, folder] = await Promise.all([startRuntime(), mkdtemp(join(tmpdir(), 'sluice-quick-start-'))]);
});
afterAll(async () => {
  await stopReplayed(runtime);
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

const typed = (script: string, env: Readonly<Record<string, string>> = {}) =>
  bash(script, folder, { SLUICE_DATA_DIR: runtime.dataDir, ...env });

describe('the quick start', () => {
  it('works as it stands: configuration, agent and artifact promoted, approved, rolled back and verified', async () => {
    const done = await typed(marked(await scriptOf('quick-start.md')));
    expect(done, done.out).toMatchObject({ code: 0 });
    const svg = await readFile(join(root, 'docs/tour.svg'), 'utf8');
    expect(commandsIn(svg), 'record it anew: npm run tour').toBe(commandsOf(stepsIn(done.out)));
    expect(await readFile(join(root, 'README.md'), 'utf8')).toContain('(docs/tour.svg)');
    expect(done.out).toMatch(/Verified: \d+ chains/);
    expect(done.out).toMatch(/^staging +v1\.2\.3-staging /m);
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const { items } = (await dev.get('/api/v1/promotions?limit=100')).body;
    const ended = items.map(
      (one: { kind: string; type: string; status: string }) => `${one.kind} ${one.type} ${one.status}`,
    );
    expect(ended.sort()).toEqual([
      'agent promotion completed',
      'artifact promotion completed',
      'config promotion rolled_back',
      'config rollback completed',
    ]);
  });
});

describe('curl with a signature of AWS', () => {
  it('promotes as the guide has it', async () => {
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    const roles = [{ role: 'developer' }, { role: 'promoter' }];
    const changed = await admin.patch('/api/v1/principals/local-recorder', {
      roles,
      reason: 'the pipeline promotes',
    });
    expect(changed.status, JSON.stringify(changed.body)).toBe(200);
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const path = '/api/v1/config/environments/staging/configs/query.curl';
    expect((await dev.put(path, { value: 1 })).status).toBe(200);
    const credentials = JSON.parse(await readFile(join(runtime.dataDir, 'machine-credentials.json'), 'utf8'));
    const [credential] = credentials.items;
    const [script = ''] = await blocksOf('ci.md');
    expect(script).toContain('?wait=20');
    const done = await typed(script.replace('?wait=20', '?wait=1'), {
      SLUICE_URL: runtime.url,
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: credential.access_key_id,
      AWS_SECRET_ACCESS_KEY: credential.secret_access_key,
      JOB_ID: 'job-1',
    });
    expect(done, done.out).toMatchObject({ code: 0 });
    expect(JSON.parse(done.out)).toMatchObject({ kind: 'config', status: 'pending' });
  });
});
