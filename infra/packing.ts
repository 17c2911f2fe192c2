import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** How hard files are packed: as small as can be for what is deployed, or a hundredth of the work for one machine. */
export type Packing = 'smallest' | 'quick';

const EFFORT = {
  smallest: { brotli: constants.BROTLI_MAX_QUALITY, gzip: constants.Z_BEST_COMPRESSION },
  quick: { brotli: constants.BROTLI_MIN_QUALITY, gzip: constants.Z_BEST_SPEED },
} as const;

/** Writes a file packed by brotli (`.br`) and by gzip (`.gz`). */
export async function writePacked(
  folder: string,
  name: string,
  contents: Uint8Array,
  packing: Packing,
): Promise<void> {
  const effort = EFFORT[packing];
  const params = { [constants.BROTLI_PARAM_QUALITY]: effort.brotli };
  await writeFile(join(folder, `${name}.br`), await promisify(brotliCompress)(contents, { params }));
  await writeFile(join(folder, `${name}.gz`), await promisify(gzip)(contents, { level: effort.gzip }));
}
