import { accessSync, constants } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory, where this machine has one that may be written. */
const SHARED_MEMORY = '/dev/shm';

/** Makes a temporary folder for thousands of small files: in memory, where they take half the time. */
export const memoryFolder = (prefix: string): Promise<string> => mkdtemp(join(base(), prefix));

function base(): string {
  try {
    accessSync(SHARED_MEMORY, constants.W_OK);
    return SHARED_MEMORY;
  } catch {
    return tmpdir();
  }
}
