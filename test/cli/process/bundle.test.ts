import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundled } from '../../../cli/bundle.mjs';
import manifest from '../../../package.json' with { type: 'json' };
import { removeFolders, temporaryFolder } from '../cli-world.ts';

afterAll(removeFolders);

const run = promisify(execFile);
const root = join(import.meta.dirname, '../../..');
const node = (...argv: string[]) => run(process.execPath, argv);

/** Where nothing listens. */
const NOWHERE = 'http://127.0.0.1:1';

/** The settings of a run that knows no server. */
const serverless = { PATH: process.env['PATH'], SLUICE_CONFIG: '/nowhere/at/all' };
const alone = (...argv: string[]) => run(process.execPath, [file, ...argv], { env: serverless });

/** Whether a run loads a module of Node's. */
async function loaded(builtin: string, ...argv: readonly string[]): Promise<boolean> {
  const tell = `process.on("exit", () => console.log(process.moduleLoadList.includes("NativeModule ${builtin}")))`;
  const import_ = `data:text/javascript,${encodeURIComponent(tell)}`;
  const ran = run(process.execPath, ['--import', import_, file, ...argv], { env: serverless }).catch(
    (error: { stdout: string }) => error,
  );
  return JSON.parse((await ran).stdout.trim().split('\n').at(-1) ?? '');
}

/** What a run prints, with its compiled code kept in a folder of its own. */
async function helpOf(verb: string, cache: string): Promise<{ stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: cache, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  return run(process.execPath, [file, verb, '--help'], { env });
}

const keptIn = async (cache: string): Promise<string[]> =>
  (await readdir(cache, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

let file: string;
beforeAll(async () => {
  await node(join(root, 'cli/bin.mjs'), '--version');
  file = join(await temporaryFolder(), 'sluice.mjs');
  await copyFile(join(root, 'node_modules/.cache/sluice/sluice.mjs'), file);
});

describe('the one file of the command line', () => {
  it('is at most 600 kB', async () => {
    expect((await stat(file)).size).toBeLessThanOrEqual(600_000);
  });

  it('says its version, and needs nothing beside it', async () => {
    expect((await alone('--version')).stdout).toBe(`${manifest.version}\n`);
    expect((await alone('-v')).stdout).toBe(`${manifest.version}\n`);
    expect((await node(file, '--help')).stdout).toContain('Exit codes:');
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says that its output cannot be written, by another exit than `diff`’s',
    async () => {
      const ended = await run('sh', ['-c', '"$0" "$1" --help > /dev/full', process.execPath, file]).catch(
        (error: { code: number; stderr: string }) => error,
      );
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be written') });
    },
  );

  it('is made once for the same sources', async () => {
    const folder = await temporaryFolder();
    const made = (await stat(await bundled(folder))).mtimeMs;
    expect((await stat(await bundled(folder))).mtimeMs).toBe(made);
  });

  it('loads no HTTP to say its version', async () => {
    expect(await loaded('http', '--version')).toBe(false);
  });

  it('loads no client of all the web to ask its server', async () => {
    const [undici, status] = ['internal/deps/undici/undici', ['status', '--token', 'x', '--url', NOWHERE]];
    expect(await loaded('http', ...status)).toBe(true);
    expect(await loaded(undici, ...status)).toBe(false);
  });

  it('compiles a verb once: the next run takes what V8 made of it', async () => {
    const cache = await temporaryFolder();
    const first = await helpOf('status', cache);
    expect(first.stderr + first.stdout).not.toContain('was accepted');
    expect(await keptIn(cache)).toHaveLength(1);
    const next = await helpOf('status', cache);
    expect(next.stderr + next.stdout).toContain('was accepted');
    await helpOf('promote', cache);
    expect(await keptIn(cache)).toHaveLength(2);
  });

  it('says the same where what was compiled is broken, or cannot be kept', async () => {
    const cache = await temporaryFolder();
    await helpOf('status', cache);
    const [kept = ''] = await keptIn(cache);
    await writeFile(kept, Buffer.alloc((await stat(kept)).size, 'x'));
    for (const folder of [cache, '/dev/null']) {
      const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: folder };
      const said = await run(process.execPath, [file, 'status', '--help'], { env });
      expect(said.stdout).toContain('Usage: sluice status');
      expect(said.stderr).toBe('');
    }
  });

  it('starts by itself, as a program does', async () => {
    expect((await run(file, ['--version'], { env: serverless })).stdout).toBe(`${manifest.version}\n`);
  });

  it('exits as it says, with JSON on stdout', async () => {
    const gone = node(file, 'list', '--url', NOWHERE, '--token', 'x', '--output', 'json');
    const failed = await gone.catch((error: { code: number; stdout: string }) => error);
    expect(failed).toMatchObject({ code: 5 });
    expect(JSON.parse(failed.stdout)).toMatchObject({
      ok: false,
      error: { code: 'unavailable', exit_code: 5 },
    });
  });
});
