import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { git, root } from './releases.ts';

const run = promisify(execFile);
const tracked = (git('ls-files', '--cached', '--others', '--exclude-standard') ?? '').split('\n');

/** Makes a clone of today's tree in a folder of its own, as one commit. */
export async function clone(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-release-'));
  for (const path of tracked) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await cp(join(root, path), join(folder, path)).catch((error: NodeJS.ErrnoException) => {
      // Deleted and not committed yet.
      if (error.code !== 'ENOENT') throw error;
    });
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const commit = 'git init -q && git add -A && git -c user.name=a -c user.email=a@b.test commit -qm a';
  await run('sh', ['-c', commit], { cwd: folder });
  return folder;
}

/** Runs `npm run release` in a clone. */
export const makeRelease = (folder: string, umask: string, zone: string) =>
  run('sh', ['-c', `umask ${umask} && npm run --silent release`], {
    cwd: folder,
    env: { ...process.env, TZ: zone },
  });
