import { rename, writeFile } from 'node:fs/promises';

/** Writes a file that only its owner may read (mode 0600), whole or not at all. */
export async function writePrivate(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, content, { mode: 0o600 });
  await rename(temporary, file);
}
