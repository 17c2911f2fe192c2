import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../cli/bundle.mjs';
import { ABSENT } from '../../cli/http/lenient.ts';
import { openApi } from '../../functions/contract/openapi.ts';
import { type Checkout, checkOut } from '../support/checkout.ts';
import { demandedSince } from '../support/openapi-members.ts';
import { git, releases } from '../support/releases.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const run = promisify(execFile);
const [last] = releases.released;
const known = git('cat-file', '-e', `${last.commit}^{commit}`) !== undefined;

/** A local runtime on a machine too busy for its functions answers 500, as the gateway does: tried again. */
async function unlessBusy<T>(act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (tries === 20 || !String(error).includes('the server answered 500')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

describe.skipIf(!known)('the command line and the server of two releases', () => {
  let base: string;
  let checkout: Checkout;
  const running: Runtime[] = [];

  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'sluice-apart-'));
    checkout = await checkOut(last.commit);
  });
  afterAll(async () => {
    await Promise.all(running.map((runtime) => runtime.stop()));
    await checkout?.remove();
    await rm(base, { recursive: true, force: true });
  });

  /** The one file of the last release, made by its own code and packages. */
  async function lastCommandLine(): Promise<string> {
    const make = "console.log(await (await import('./cli/bundle.mjs')).bundled(process.argv[1]))";
    const words = ['--input-type=module', '--eval', make, join(base, 'last')];
    const { stdout } = await run(process.execPath, words, { cwd: checkout.folder });
    return stdout.trim();
  }

  /** What people type from the first login to the verified record. */
  async function usual(program: string, { url }: Runtime, folder: string) {
    const env = { PATH: process.env['PATH'], HOME: folder, SLUICE_CONFIG: join(folder, 'contexts.json') };
    const notes: string[][] = [];
    const sluice = async (...words: string[]): Promise<string> => {
      const { stdout, stderr } = await unlessBusy(() =>
        run(process.execPath, [program, ...words], { cwd: folder, env }),
      );
      notes.push(stderr.split('\n').filter((line) => line.startsWith('note: ')));
      return stdout;
    };
    const json = async (...words: string[]) => JSON.parse(await sluice(...words, '--output', 'json'));
    for (const who of ['dev', 'alice', 'admin'])
      await sluice('login', '--url', url, '--as', `${who}@acme.com`, '--name', who);
    const promote = ['promote', '--key', 'query.timeout', '--to', 'production', '--context', 'dev'];
    const { promotion } = await json(...promote);
    const open = await json('list', '--context', 'alice');
    expect(open.items.map(({ id }: { id: string }) => id)).toContain(promotion.id);
    expect((await json('show', promotion.id, '--context', 'alice')).promotion.status).toBe('pending');
    await sluice('approve', promotion.id, '--context', 'alice');
    await sluice('execute', promotion.id, '--wait', '--context', 'dev');
    expect((await json('show', promotion.id, '--context', 'dev')).promotion.status).toBe('completed');
    await sluice('status', '--context', 'dev');
    await sluice('audit', 'export', '--file', 'audit.jsonl', '--context', 'admin');
    await sluice('audit', 'verify', 'audit.jsonl', '--key', 'audit.jsonl.pub');
    return { notes, sluice };
  }

  async function folderOf(name: string): Promise<string> {
    return await mkdtemp(join(base, name));
  }

  it('work where the command line is of the last release and the server of today', async () => {
    const runtime = await startRuntime();
    running.push(runtime);
    await usual(await lastCommandLine(), runtime, await folderOf('old-'));
  });

  it('work where the command line is of today and the server of the last release, and it is said', async () => {
    const runtime = await startRuntime({}, { code: { folder: checkout.folder } });
    running.push(runtime);
    const { notes, sluice } = await usual(
      await bundled(join(base, 'today')),
      runtime,
      await folderOf('new-'),
    );
    // `audit verify` asks no server.
    for (const said of notes.slice(0, -1)) expect(said).toEqual([expect.stringContaining('Sluice 0.1.0')]);
    expect(notes.at(-1)).toEqual([]);
    expect(await sluice('--version')).toBe(
      `${releases.next.version}\nserver ${last.version} (${runtime.url})\n`,
    );
    const then = await (await fetch(`${runtime.url}/openapi.json`)).json();
    // What the command line fills in is what today's answers must have and those of then have not.
    expect([...demandedSince(openApi(), then)].toSorted()).toEqual(Object.keys(ABSENT).toSorted());
    // What says there that a path is unknown is what the command line takes for it.
    const authorization = `Bearer ${await runtime.token('admin@acme.com')}`;
    const unknown = await fetch(`${runtime.url}/api/v1/nothing-of-this-kind`, { headers: { authorization } });
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toMatch(
      /^\{"message":"Not Found"\}$|"detail":"there is nothing at this path"/,
    );
  });
});
