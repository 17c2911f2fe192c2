import { randomUUID } from 'node:crypto';
import { link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Does something unless it is done, while no other process on this machine does it: the others wait for it. `lock` is a file that holds
 * the number of the process at work; that of a process that died, or of ten minutes ago, counts for nothing. Two may still do it at once
 * where both find such a file at the same moment, so what is done must bear that.
 */
export async function onlyOne(lock: string, isDone: () => boolean, act: () => Promise<void>): Promise<void> {
  while (!isDone()) {
    if (await taken(lock)) {
      try {
        if (!isDone()) await act();
      } finally {
        await rm(lock, { force: true });
      }
      return;
    }
    if (await isDead(lock)) await rm(lock, { force: true });
    else await pause(100);
  }
}

/** Makes the file with its number in it, in one step. */
async function taken(lock: string): Promise<boolean> {
  const own = `${lock}.${randomUUID()}`;
  await writeFile(own, String(process.pid));
  try {
    await link(own, lock);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(own, { force: true });
  }
}

const LONGEST_MS = 600_000;

async function isDead(lock: string): Promise<boolean> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(lock, 'utf8'), stat(lock)]);
    if (Date.now() - mtimeMs > LONGEST_MS) return true;
    return !process.kill(Number(text), 0);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    return codeOf(error) === 'ESRCH';
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
