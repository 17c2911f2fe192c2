import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../local/ports.ts';
import { bash, blocksOf } from '../support/guides.ts';
import { clone, makeRelease } from '../support/made-release.ts';
import { programPath, skipWithout } from '../support/programs.ts';
import { releases, root } from '../support/releases.ts';

const V = releases.next.version;
const page = await readFile(join(root, 'docs/install.md'), 'utf8');
/** The command of the page that begins so. */
const command = (beginning: string): string => {
  const found = [...page.matchAll(/`([^`]+)`/g)]
    .map(([, text = '']) => text)
    .find((text) => text.startsWith(beginning));
  if (found === undefined) throw new Error(`docs/install.md has no command ${beginning}`);
  return found;
};

let base: string;
let made: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'sluice-installing-'));
  const sources = await clone();
  await makeRelease(sources, '022', 'UTC');
  made = join(sources, 'release');
});
afterAll(async () => {
  await rm(base, { recursive: true, force: true });
  if (made !== undefined) await rm(dirname(made), { recursive: true, force: true });
});

/** An empty folder, its own home, with these files of the release and its sums. */
async function downloaded(...files: string[]): Promise<string> {
  const folder = await mkdtemp(join(base, 'home-'));
  for (const file of [...files, 'SHA256SUMS']) await cp(join(made, file), join(folder, file));
  return folder;
}
const env = (folder: string) => ({
  PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env['PATH']}`,
  npm_config_cache: join(folder, 'cache'),
  npm_config_prefix: folder,
  npm_config_yes: 'true',
  // Where packages come from, as this machine says it; npm hands more on to what it runs, such as the answers to its questions.
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(npm_config_registry|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS)$/i.test(name),
    ),
  ),
});
const typed = (folder: string, script: string) => bash(script, folder, env(folder));
const [verify = ''] = await blocksOf('install.md');

describe('docs/install.md, as it stands', () => {
  it('verifies the files that were taken', async () => {
    const folder = await downloaded('sluice.mjs', `sluice-cli-${V}.tgz`);
    const done = await typed(folder, verify);
    expect(done, done.out).toMatchObject({ code: 0, out: expect.stringContaining('sluice.mjs: OK') });
  });

  it.each(['sluice.mjs', `sluice-local-${V}.tgz`, `sluice-aws-${V}.zip`, `sluice-action-${V}.tgz`])(
    'refuses a changed %s, sums that are none, and a folder without any of the files',
    async (file) => {
      const folder = await downloaded(file);
      const bytes = await readFile(join(folder, file));
      bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
      await writeFile(join(folder, file), bytes);
      const changed = await typed(folder, verify);
      expect(changed.code).not.toBe(0);
      expect(changed.out).toContain('FAILED');
      const emptied = await downloaded(file);
      await writeFile(join(emptied, 'SHA256SUMS'), 'not found\n');
      expect((await typed(emptied, verify)).code).not.toBe(0);
      expect((await typed(await downloaded(), verify)).code).not.toBe(0);
    },
  );

  it('installs the command line', async () => {
    const folder = await downloaded(`sluice-cli-${V}.tgz`);
    const done = await typed(folder, `${command('npm i -g')} --offline\nsluice --version`);
    expect(done, done.out).toMatchObject({ code: 0 });
    expect(done.out.trim().split('\n').at(-1)).toBe(V);
  });

  it('has the command line of a pipeline in one file, and the action in its archive', async () => {
    const folder = await downloaded('sluice.mjs', `sluice-action-${V}.tgz`);
    const script = `${command('node sluice.mjs').replace(/ promote …$/, ' promote --help')}\n${command('tar -xzf sluice-action')}`;
    const done = await typed(folder, script);
    expect(done, done.out).toMatchObject({ code: 0, out: expect.stringContaining('Usage: sluice promote') });
    expect(await readdir(folder)).toContain('action.yml');
  });

  it('starts Sluice on one machine, and again on the same data', async () => {
    const folder = await downloaded(`sluice-local-${V}.tgz`);
    const port = await freePort();
    for (const _ of ['first', 'again']) {
      const words = command('npx ./sluice-local').replace('--open', `--port ${port}`);
      const child = spawn('bash', ['-c', `exec ${words}`], {
        cwd: folder,
        env: { ...env(folder), HOME: folder },
        detached: true,
      });
      const group = child.pid ?? 0;
      const gone = new Promise((resolve) => child.on('close', resolve));
      await new Promise<void>((resolve, reject) => {
        let said = '';
        const hear = (text: Buffer) => {
          said += text;
          if (said.includes('Sluice is ready')) resolve();
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        child.on('close', () => reject(new Error(said)));
      });
      expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toEqual({ status: 'ok' });
      // npm hands no signal on that npx has started: the whole group gets it, as from a terminal.
      process.kill(-group, 'SIGINT');
      await gone;
    }
    expect(await readdir(join(folder, '.local/share'))).toEqual(['sluice']);
  });

  it.skipIf(skipWithout('unzip'))('unpacks an assembly that the CDK of this version reads', async () => {
    const folder = await downloaded(`sluice-aws-${V}.zip`);
    await mkdir(join(folder, 'bin'));
    await symlink(join(root, 'node_modules/.bin/cdk'), join(folder, 'bin/cdk'));
    expect(programPath('unzip')).toBeDefined();
    const done = await typed(folder, `${command('unzip -q')}\ncdk --version\ncdk --app sluice-aws list`);
    expect(done, done.out).toMatchObject({ code: 0 });
    expect(done.out).toContain(releases.aws_cdk);
    expect(done.out.trim().split('\n').at(-1)).toBe('Sluice');
  });
});
