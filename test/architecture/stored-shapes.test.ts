import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const TSC = join(ROOT, 'node_modules/.bin/tsc');

/** What the compiler says of a file, which lies where zod is found. */
async function saidOf(source: string): Promise<string> {
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

it('that differ from the domain do not compile, and the error names each member', async () => {
  const shape = (text: string) => `import * as z from 'zod/mini';
import { exactly } from '${ROOT}/functions/adapters/dynamodb/schemas/exactly.ts';
type Thing = { readonly id: string; readonly note?: string; readonly parts: readonly { readonly by?: string }[] };
const maybe = z.exactOptional(z.string());
export const thing = exactly<Thing>()(z.looseObject(${text}));`;
  const differs = await saidOf(shape('{ id: z.string(), more: maybe, parts: z.array(z.looseObject({})) }'));
  for (const member of ['.note?', '.more?', '.parts[].by?']) {
    expect(differs).toContain(`differs from the domain in ${member}`);
  }
  const parts = 'z.array(z.looseObject({ by: maybe }))';
  expect(await saidOf(shape(`{ id: z.string(), note: maybe, parts: ${parts} }`))).toBe('');
});
