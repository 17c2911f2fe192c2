import { execFile } from 'node:child_process';
import { copyFile, stat } from 'node:fs/promises';
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

/** Whether a run loads a module of Node's. */
async function loaded(builtin: string, ...argv: readonly string[]): Promise<boolean> {
  const tell = `process.on("exit", () => console.log(process.moduleLoadList.includes("NativeModule ${builtin}")))`;
  const import_ = `data:text/javascript,${encodeURIComponent(tell)}`;
  const ran = node('--import', import_, file, ...argv).catch((error: { stdout: string }) => error);
  return JSON.parse((await ran).stdout.trim().split('\n').at(-1) ?? '');
}

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
    expect((await node(file, '--version')).stdout).toBe(`${manifest.version}\n`);
    expect((await node(file, '-v')).stdout).toBe(`${manifest.version}\n`);
    expect((await node(file, '--help')).stdout).toContain('Exit codes:');
  });

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

  it('starts by itself, as a program does', async () => {
    expect((await run(file, ['--version'])).stdout).toBe(`${manifest.version}\n`);
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
