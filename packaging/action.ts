import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackedFile } from './archives.ts';
import type { CommandLine } from './command-line.ts';

/** Returns the files of the action for GitHub, laid out as `action.yml` asks for them: its steps, and the command line that they run. */
export async function buildAction(
  root: string,
  { program, notices }: CommandLine,
): Promise<readonly PackedFile[]> {
  const steps = (await readdir(join(root, 'cli/pipeline'))).map((name) => `cli/pipeline/${name}`);
  const files = ['action.yml', 'LICENSE', ...steps].map(async (name) => ({
    name,
    contents: await readFile(join(root, name)),
    executable: name.endsWith('.sh'),
  }));
  return [
    ...(await Promise.all(files)),
    { name: 'sluice.mjs', contents: program, executable: true },
    { name: 'THIRD-PARTY-NOTICES', contents: Buffer.from(notices) },
  ];
}
