import { join } from 'node:path';

/** The file in the data directory that tells other processes where the runtime listens, while it does. */
export function runtimeFile(dataDir: string): string {
  return join(dataDir, 'runtime.json');
}
