import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '../..');
const TSC = join(ROOT, 'node_modules/.bin/tsc');

/** What the compiler says of a file, which lies where zod is found. */
export async function saidOf(source: string): Promise<string> {
  const cache = join(ROOT, 'node_modules/.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'shape-'));
  try {
    await writeFile(join(folder, 'shape.ts'), source);
    const options = { incremental: false, tsBuildInfoFile: null };
    const config = {
      extends: join(ROOT, 'tsconfig.json'),
      files: ['shape.ts'],
      include: [],
      compilerOptions: options,
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    return await promisify(execFile)(TSC, ['-p', folder]).then(
      ({ stdout }) => stdout,
      ({ stdout }: { readonly stdout: string }) => stdout,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}
