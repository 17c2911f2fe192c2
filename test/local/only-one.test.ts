import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { onlyOne } from '../../local/only-one.ts';

let folder: string;
let lock: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-only-one-'));
  lock = join(folder, 'lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('lets one of many at once do it, and the others wait until it is done', async () => {
  let [done, times] = [false, 0];
  const each = () =>
    onlyOne(
      lock,
      () => done,
      async () => {
        times += 1;
        await new Promise((resolve) => setImmediate(resolve));
        done = true;
      },
    ).then(() => expect(done).toBe(true));
  await Promise.all(Array.from({ length: 8 }, each));
  expect(times).toBe(1);
  expect(existsSync(lock)).toBe(false);
});

it('goes on after one that failed, and after a process that died at it', async () => {
  const broken = onlyOne(
    lock,
    () => false,
    () => Promise.reject(new Error('broken')),
  );
  await expect(broken).rejects.toThrow('broken');
  const gone = spawn(process.execPath, ['--eval', '']);
  await once(gone, 'exit');
  await writeFile(lock, String(gone.pid));
  await doneOnce();
});

it('does not believe a number that is older than any synthesis takes: it may be another process by now', async () => {
  await writeFile(lock, String(process.ppid));
  const before = new Date(Date.now() - 700_000);
  await utimes(lock, before, before);
  await doneOnce();
});

async function doneOnce(): Promise<void> {
  let done = false;
  await onlyOne(
    lock,
    () => done,
    async () => {
      expect(await readFile(lock, 'utf8')).toBe(String(process.pid));
      done = true;
    },
  );
  expect(done).toBe(true);
}
