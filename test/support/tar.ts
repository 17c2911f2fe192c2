import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

/** Blocks of a ustar archive (POSIX.1-2017, pax): a header, then the file in whole blocks. */
const BLOCK = 512;

/** A folder's files as `.tar.br`, in the order of their names and without times: the same files are the same bytes. */
export async function packed(folder: string): Promise<Buffer> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  const blocks: Buffer[] = [];
  for (const name of names) {
    const bytes = await readFile(join(folder, name));
    blocks.push(headerOf(name, bytes.length), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  return brotliCompressSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), {
    params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS },
  });
}

function headerOf(name: string, size: number): Buffer {
  const [file, folder] = [basename(name), dirname(name)];
  if (file.length > 100 || folder.length > 155)
    throw new Error(`${name} is longer than a ustar header takes`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(file, 0);
  header.write(folder === '.' ? '' : folder, 345);
  header.write(octal(0o600, 7) + octal(0, 7) + octal(0, 7) + octal(size, 11) + octal(0, 11), 100);
  header.write(`${' '.repeat(8)}0`, 148);
  header.write('ustar\x0000', 257);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return header;
}

/** Writes the files of an archive of `packed` below a folder. */
export async function unpack(archive: Buffer, folder: string): Promise<void> {
  const bytes = brotliDecompressSync(archive);
  for (let at = 0; bytes[at] !== 0 && at < bytes.length; ) {
    const text = (from: number, length: number) =>
      bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/s, '');
    const [name, size] = [join(text(345, 155), text(0, 100)), Number.parseInt(text(124, 12), 8)];
    await mkdir(join(folder, dirname(name)), { recursive: true });
    await writeFile(join(folder, name), bytes.subarray(at + BLOCK, at + BLOCK + size), { mode: 0o600 });
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
}
