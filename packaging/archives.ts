import { buffer } from 'node:stream/consumers';
import { gzipSync, type Zippable, zipSync } from 'fflate';
import { pack } from 'tar-stream';

/** A file of an archive: its path with slashes, its bytes, and whether it can be run. */
export type PackedFile = {
  readonly name: string;
  readonly contents: Uint8Array;
  readonly executable?: boolean;
};

/** The instant of every file: npm's own, so that no archive says when it was made. */
const INSTANT = new Date(Date.UTC(1985, 9, 26, 8, 15));
const [FILE, PROGRAM] = [0o644, 0o755];

const inOrder = (files: readonly PackedFile[]) =>
  files.toSorted((one, other) => (one.name < other.name ? -1 : 1));
const modeOf = ({ executable = false }: PackedFile) => (executable ? PROGRAM : FILE);

/**
 * Returns a `.tgz` of the files, the same bytes wherever it is made: sorted, without owners and times. Its gzip stores and does not
 * deflate, since deflate differs between builds of zlib; the registry compresses on its way.
 */
export async function tgz(files: readonly PackedFile[]): Promise<Uint8Array> {
  const tar = pack();
  for (const file of inOrder(files)) {
    tar.entry({ name: file.name, mode: modeOf(file), mtime: INSTANT }, Buffer.from(file.contents));
  }
  tar.finalize();
  return gzipSync(await buffer(tar), { level: 0, mtime: 0 });
}

/** Returns a `.zip` of the files, stored and not deflated, the same bytes wherever it is made. */
export function zip(files: readonly PackedFile[]): Uint8Array {
  // A ZIP keeps the local time without its zone (APPNOTE 4.4.6): the first instant that it can hold, wherever this runs.
  const mtime = new Date(1980, 0, 1);
  const UNIX = 3;
  const entries: Zippable = Object.fromEntries(
    inOrder(files).map((file) => [
      file.name,
      [file.contents, { level: 0, mtime, os: UNIX, attrs: ((0o100000 | modeOf(file)) << 16) >>> 0 }],
    ]),
  );
  return zipSync(entries);
}
