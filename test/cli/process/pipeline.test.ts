import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createWorld, type World } from '../../handlers/api-world.ts';
import { removeFolders, temporaryFolder } from '../cli-world.ts';
import { type Served, serve } from './server.ts';

afterAll(removeFolders);

const root = join(import.meta.dirname, '../../..');
const bundle = join(root, 'node_modules/.cache/sluice/sluice.mjs');

const Action = z.object({
  inputs: z.record(z.string(), z.object({ default: z.string().optional() })),
  runs: z.object({
    steps: z.array(
      z.object({
        id: z.string().optional(),
        run: z.string().optional(),
        env: z.record(z.string(), z.string()).optional(),
      }),
    ),
  }),
});
const action = Action.parse(load(await readFile(join(root, 'action.yml'), 'utf8')));
const guide = await readFile(join(root, 'docs/ci.md'), 'utf8');

let world: World;
let served: Served;
let folder: string;
beforeAll(
  () =>
    new Promise<void>((resolve, reject) => {
      execFile(process.execPath, [join(root, 'cli/bin.mjs'), '--version'], (error) =>
        error ? reject(error) : resolve(),
      );
    }),
);
beforeEach(async () => {
  world = await createWorld();
  world.deps.sleep = () => new Promise((resolve) => setTimeout(resolve, 50));
  served = await serve(world);
  folder = await temporaryFolder();
  const dev = world.as('dev');
  await dev('PUT', '/api/v1/config/environments/staging/configs/query.timeout', { value: '<b>|30' });
});
afterEach(() => served.die());

type Ended = { readonly code: number; readonly out: string };

/** Runs a script as a runner does: nothing of this process's settings but PATH. */
function bash(script: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const all = { PATH: process.env['PATH'] ?? '', HOME: folder, SLUICE_TOKEN: 'dev', ...env };
  return new Promise((resolve) => {
    execFile('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env: all }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), out: stdout + stderr }),
    );
  });
}

/** Runs the steps of the action that are commands, as GitHub does for these inputs. */
async function runAction(
  given: Readonly<Record<string, string>>,
): Promise<Ended & { readonly summary: string }> {
  const inputs = { ...given, cli: bundle, url: served.url, 'aws-region': 'eu-central-1' };
  for (const name of Object.keys(inputs)) expect(Object.keys(action.inputs)).toContain(name);
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary.md')];
  await Promise.all([writeFile(output, ''), writeFile(summary, '')]);
  let last: Ended = { code: 0, out: '' };
  for (const step of action.runs.steps) {
    if (step.run === undefined) continue;
    const promotion = /promotion-id=(.*)/.exec(await readFile(output, 'utf8'))?.[1] ?? '';
    if (step.id !== 'request' && (promotion === '' || (given['wait'] ?? 'true') !== 'true')) continue;
    const filled = Object.entries(step.env ?? {}).map(([name, text]): [string, string] => [
      name,
      text
        .replace(/\$\{\{ steps\.request\.outputs\.promotion-id \}\}/, promotion)
        .replace(
          /\$\{\{ inputs\.([\w-]+).*?\}\}(?=$)/,
          (_, input: string) => Object(inputs)[input] ?? action.inputs[input]?.default ?? '',
        ),
    ]);
    for (const [, value] of filled) expect(value).not.toContain('${{');
    last = await bash(step.run, {
      ...Object.fromEntries(filled),
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_RUN_ID: '42',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_ACTION: 'promote',
    });
    if (last.code !== 0) break;
  }
  return { ...last, summary: await readFile(summary, 'utf8') };
}

const open = async () => (await world.as('alice')('GET', '/api/v1/promotions')).body.items;
/** Decides what appears, as a person who was told does, once `told` says so. */
async function decideSoon(
  verb: 'approve' | 'reject',
  told: () => Promise<boolean> = async () => true,
): Promise<void> {
  for (;;) {
    const [one] = (await world.as('alice')('GET', '/api/v1/promotions?waiting_for=me')).body.items;
    if (one !== undefined && (await told())) {
      await world.as('alice')('POST', `/api/v1/promotions/${one.id}/${verb}`, {
        ...(verb === 'reject' ? { reason: 'not today' } : {}),
      });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the action for GitHub', () => {
  it('requests, shows changes and approvers on the page of the job, and waits for the end', async () => {
    const [done] = await Promise.all([
      runAction({ to: 'production', patterns: 'query.*\nother.*' }),
      decideSoon('approve', async () =>
        (await readFile(join(folder, 'summary.md'), 'utf8')).includes('may approve'),
      ),
    ]);
    expect(done, done.out).toMatchObject({ code: 0 });
    expect(done.summary).toContain('1 more of these may approve');
    expect(done.summary).toContain('alice&#64;acme.com');
    expect(done.summary).toContain('**completed**');
    expect((await open())[0]).toMatchObject({ status: 'completed' });
  });

  it('lets nothing that is promoted write Markdown or HTML on that page', async () => {
    const { summary } = await runAction({ to: 'production', keys: 'query.timeout', wait: 'false' });
    expect(summary).toContain('query.timeout');
    expect(summary).not.toContain('<b>');
  });

  it('asks once when the runner sends a step twice', async () => {
    const first = await runAction({ to: 'production', all: 'true', wait: 'false' });
    const again = await runAction({ to: 'production', all: 'true', wait: 'false' });
    expect([first.code, again.code]).toEqual([0, 0]);
    expect(await open()).toHaveLength(1);
  });

  it('runs no command that an input holds', async () => {
    const notes = '$(touch pwned) `touch pwned` "; touch pwned; "';
    const { code } = await runAction({ to: 'production', all: 'true', notes, wait: 'false' });
    expect(code).toBe(0);
    await expect(readFile(join(folder, 'pwned'))).rejects.toThrow('ENOENT');
  });

  it('only says what would be in a dry run', async () => {
    const { code, summary } = await runAction({ to: 'production', all: 'true', 'dry-run': 'true' });
    expect({ code, items: await open() }).toEqual({ code: 0, items: [] });
    expect(summary).toContain('No promotion was requested');
  });

  it('fails when what it waits for is rejected, and says so on the page', async () => {
    const [ended] = await Promise.all([runAction({ to: 'production', all: 'true' }), decideSoon('reject')]);
    expect(ended, ended.out).toMatchObject({ code: 9 });
    expect(ended.summary).toContain('**rejected**');
  });

  it('fails with the exit of the cause, and says so on the page', async () => {
    const gates = [{ name: 'policy_compliance' }, { name: 'tests', applies_to: ['config'] }];
    await world.as('admin')('PATCH', '/api/v1/environments/production', { gates, reason: 'test' });
    const blocked = await runAction({ to: 'production', all: 'true' });
    expect(blocked).toMatchObject({ code: 8 });
    expect(blocked.summary).toContain('**blocked**');
  });
});

describe('docs/ci.md', () => {
  const blocks = (language: string) =>
    [...guide.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(
      ([, text = '']) => text,
    );

  it('uses the action with inputs that it has', () => {
    const [workflow = ''] = blocks('yaml');
    const steps = z
      .object({
        jobs: z.object({
          promote: z.object({ steps: z.array(z.object({ with: z.record(z.string(), z.string()) })) }),
        }),
      })
      .parse(load(workflow)).jobs.promote.steps;
    for (const name of steps.flatMap((step) => Object.keys(step.with)))
      expect(Object.keys(action.inputs)).toContain(name);
  });

  it('has a job for GitLab whose script runs', async () => {
    const [, job = ''] = blocks('yaml');
    const { promote } = z
      .object({
        promote: z.object({ script: z.array(z.string()), variables: z.record(z.string(), z.string()) }),
      })
      .parse(load(job));
    const token = join(folder, 'aws-token');
    const env = {
      ...promote.variables,
      SLUICE_URL: served.url,
      SLUICE_CLI: bundle,
      CI_JOB_ID: '7',
      AWS_TOKEN: 'jwt',
    };
    const [done] = await Promise.all([
      bash(promote.script.join('\n'), { ...env, AWS_WEB_IDENTITY_TOKEN_FILE: token }),
      decideSoon('approve'),
    ]);
    expect(done, done.out).toMatchObject({ code: 0 });
    expect(await readFile(token, 'utf8')).toBe('jwt');
    expect((await open())[0]).toMatchObject({ status: 'completed' });
  });

  it('has a gate that runs', async () => {
    const [, gate = ''] = blocks('sh');
    const made = await world.as('dev')('POST', '/api/v1/config/promotions', {
      targetEnvironment: 'production',
      promotionType: 'FULL',
    });
    const report = '<testsuite><testcase name="a"/></testsuite>';
    const npm = `npm() { printf '%s' '${report}' > junit.xml; }; export -f npm`;
    const line = gate.replace(/^sluice /, `node ${bundle} `).replace('npm test', "bash -c 'npm test'");
    const env = { SLUICE_URL: served.url, PROMOTION_ID: made.body.id };
    const done = await bash(`${npm}\n${line}`, env);
    expect(done, done.out).toMatchObject({ code: 0 });
  });
});
