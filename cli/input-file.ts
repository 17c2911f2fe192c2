import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { load } from 'js-yaml';
import { misused } from './failure.ts';
import type { Terminal } from './terminal.ts';

/** The text of a file that somebody named; `-` is standard input. */
export async function textOfFile(terminal: Terminal, file: string): Promise<string> {
  if (file === '-') return terminal.read();
  return readFile(resolve(terminal.cwd, file), 'utf8').catch((error: Error) => {
    throw misused(`cannot read ${file}: ${error.message}`);
  });
}

/** What a JSON or YAML file holds: every JSON document is YAML. */
export async function structureOfFile(terminal: Terminal, file: string): Promise<unknown> {
  const text = await textOfFile(terminal, file);
  try {
    return load(text);
  } catch (error) {
    throw misused(`${file} is neither JSON nor YAML: ${error instanceof Error ? error.message : ''}`);
  }
}
