import { createWriteStream, statSync, truncateSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

/** Bytes beyond which the log of earlier runs is dropped at a start. */
const maxBytes = 20 * 1024 * 1024;

/** The file that takes what functions print: `functions.log` in the data directory. */
export function openFunctionsLog(dataDir: string): WriteStream {
  const file = join(dataDir, 'functions.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > maxBytes) truncateSync(file, 0);
  // Every worker thread pipes its two outputs here, and each pipe adds listeners.
  const log = createWriteStream(file, { flags: 'a', mode: 0o600 }).setMaxListeners(0);
  // A log that cannot be written must not end the runtime.
  return log.on('error', () => {});
}
