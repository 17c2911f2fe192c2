import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from './releases.ts';

const run = promisify(execFile);

/** The code of a commit in a folder of its own, with its packages. */
export type Checkout = { readonly folder: string; remove(): Promise<void> };

/** Checks a commit out beside this one. Packages are installed anew only where the commit locks others than these. */
export async function checkOut(commit: string): Promise<Checkout> {
  const base = await mkdtemp(join(tmpdir(), 'sluice-checkout-'));
  const folder = join(base, 'sluice');
  const git = (...words: readonly string[]) => run('git', words, { cwd: root });
  await git('worktree', 'add', '--detach', folder, commit);
  if ((await packagesOf(folder)) === (await packagesOf(root))) {
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  } else {
    await run('npm', ['ci', '--prefer-offline'], { cwd: folder });
  }
  return {
    folder,
    async remove() {
      await git('worktree', 'remove', '--force', folder);
      await rm(base, { recursive: true, force: true, maxRetries: 20 });
    },
  };
}

/** What a checkout locks beside its own name and version. */
async function packagesOf(folder: string): Promise<string> {
  const { packages } = JSON.parse(await readFile(join(folder, 'package-lock.json'), 'utf8'));
  const { version: _, ...own } = packages[''];
  return JSON.stringify({ ...packages, '': own });
}
