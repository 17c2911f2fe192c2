import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isRecord } from '../json.ts';

/**
 * The files of the registry. Bytes lie once under `blobs/`, named by their digest; what a repository has is a link to
 * them under `repositories/<name>/_blobs`, `_manifests`, `_tags` or `_referrers`. Every file appears whole, by rename.
 * All but the bytes of blobs is small and read and written at once: to hand it to Node's threads takes several times as long.
 */
export class Content {
  readonly #root: string;
  #temporaries = 0;

  constructor(root: string) {
    this.#root = root;
  }

  /** The file of a blob's bytes. */
  blobFile(digest: string): string {
    const hex = digest.slice('sha256:'.length);
    return join(this.#root, 'blobs', 'sha256', hex.slice(0, 2), hex);
  }

  /** The folder of all repositories' unfinished uploads. */
  get uploads(): string {
    return join(this.#root, 'uploads');
  }

  /** A path inside a repository; the parts after its name start with a word that no name can have. */
  inRepository(name: string, ...parts: string[]): string {
    return join(this.#root, 'repositories', name, ...parts);
  }

  /** The size of a file, undefined when it is not there. */
  async sizeOf(file: string): Promise<number | undefined> {
    const found = attempt(() => statSync(file, { throwIfNoEntry: false }));
    return found?.isFile() ? found.size : undefined;
  }

  /** The bytes of a file, undefined when it is not there. */
  async read(file: string): Promise<Buffer | undefined> {
    return attempt(() => readFileSync(file));
  }

  /** The JSON object in a file, undefined when there is none. */
  async readObject(file: string): Promise<Record<string, unknown> | undefined> {
    const bytes = await this.read(file);
    const value: unknown = bytes === undefined ? undefined : JSON.parse(bytes.toString('utf8'));
    return isRecord(value) ? value : undefined;
  }

  /** The names in a folder, sorted; none when it is not there. */
  async list(folder: string): Promise<readonly string[]> {
    return (await readdir(folder).catch(() => [])).sort();
  }

  /** Writes a file whole; a reader sees the old one or the new one. */
  async write(file: string, content: string | Buffer): Promise<void> {
    mkdirSync(dirname(file), { recursive: true });
    const temporary = `${file}.${process.pid}.${this.#temporaries++}~`;
    writeFileSync(temporary, content);
    renameSync(temporary, file);
  }

  /** Makes a finished upload a blob. */
  async adopt(upload: string, digest: string): Promise<void> {
    const file = this.blobFile(digest);
    mkdirSync(dirname(file), { recursive: true });
    renameSync(upload, file);
  }

  /** Removes a file; returns whether it was there. */
  async remove(file: string): Promise<boolean> {
    const removed = attempt(() => {
      rmSync(file);
      return true;
    });
    return removed === true;
  }
}

/** What an operation on a file gives; undefined when it fails. */
function attempt<T>(operation: () => T): T | undefined {
  try {
    return operation();
  } catch {
    return undefined;
  }
}

/** The sha256 digest of bytes. */
export function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** The hexadecimal part of a digest: what files are named by. */
export const hexOf = (digest: string): string => digest.slice('sha256:'.length);
