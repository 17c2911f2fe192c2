import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT } from './exit.ts';
import { Failure, misused } from './failure.ts';
import type { Terminal } from './terminal.ts';

/**
 * Writes a file that somebody named: beside its name as `fill` goes, and in its place when all of it is there, so that nothing is lost and no
 * half is left where it fails. What is no file (a pipe, `/dev/null`) is written as it is.
 */
export async function writeOut<T>(
  { cwd }: Pick<Terminal, 'cwd'>,
  file: string,
  fill: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  const named = resolve(cwd, file);
  const path = await realpath(named).catch(() => named);
  const there = await stat(path).catch(() => undefined);
  if (there?.isDirectory()) throw misused(`cannot write ${file}: it is a folder`);
  const next = there === undefined || there.isFile() ? `${path}.${process.pid}` : path;
  const opened = await open(next, 'w').catch((error: Error) => {
    throw misused(`cannot write ${file}: ${error.message}`);
  });
  const unwritten = (error: Error): never => {
    throw new Failure('not_written', EXIT.other, `cannot write ${file}: ${error.message}`);
  };
  try {
    const filled = await fill((text) => opened.appendFile(text).catch(unwritten));
    await opened.close();
    if (next !== path) await rename(next, path).catch(unwritten);
    return filled;
  } catch (error) {
    await opened.close().catch(() => undefined);
    if (next !== path) await rm(next, { force: true });
    throw error;
  }
}
