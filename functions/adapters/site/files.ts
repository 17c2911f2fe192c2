import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Packing, SiteFiles } from '../../ports/site-files.ts';

/** How files end on disk, by their packing. */
const ENDING: { readonly [P in Packing]: string } = { br: 'br', gzip: 'gz' };

/** No separator and no leading dot: a name is a file of this very folder. */
const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;

/** The files in a folder, each packed in both ways; read once. */
export function folderOfFiles(folder: string): SiteFiles {
  const known = new Map<string, Promise<Buffer | undefined>>();
  return {
    async read(name, packing) {
      if (!NAME.test(name)) return undefined;
      const file = `${name}.${ENDING[packing]}`;
      const found = known.get(file) ?? readFile(join(folder, file)).catch(unlessMissing);
      known.set(file, found);
      const bytes = await found;
      // Names that do not exist are made up by callers: they must not fill the memory.
      if (bytes === undefined) known.delete(file);
      return bytes;
    },
  };
}

function unlessMissing(error: unknown): undefined {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
}
