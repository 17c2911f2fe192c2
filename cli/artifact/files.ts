import type { Dirent } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { misused } from '../failure.ts';

/** A file to pack: where it is, and what it is called in the artifact. */
export type Found = { readonly path: string; readonly title: string; readonly size: number };

/** What the artifact document calls a platform: `manifest.yaml`, and its policies where there are any. */
const PLATFORM_FILES = ['manifest.yaml', 'policies'];

/**
 * The files that were named, and all that is in folders that were, in order of their titles: paths from the current folder with
 * slashes, in Unicode's NFC, so that every machine has the same. Without names, `manifest.yaml` and `policies`. Refuses what has no
 * bytes of its own (links, sockets) and what is outside the current folder.
 */
export async function filesNamed(cwd: string, names: readonly string[]): Promise<readonly Found[]> {
  const asked = names.length > 0 ? names : await platformFiles(cwd);
  const found = new Map<string, Found>();
  for (const name of asked)
    for (const file of await below(cwd, resolve(cwd, name))) found.set(file.title, file);
  if (found.size === 0) throw misused(`there is no file in ${asked.join(', ')}`);
  return [...found.values()].sort((a, b) => (a.title < b.title ? -1 : 1));
}

async function platformFiles(cwd: string): Promise<readonly string[]> {
  const there = await readdir(cwd);
  const [manifest = ''] = PLATFORM_FILES;
  if (there.includes(manifest)) return PLATFORM_FILES.filter((name) => there.includes(name));
  throw misused(
    `there is no ${manifest} in this folder`,
    'Name the files to publish, or an artifact that is in the registry with --reference.',
  );
}

async function below(cwd: string, path: string): Promise<readonly Found[]> {
  const parts = relative(cwd, path).split(sep);
  const name = parts.join('/') || '.';
  if (parts[0] === '..' || resolve(path) !== path || relative(cwd, path) === path) {
    throw misused(`${path} is not below the current folder`, 'Run the command in the folder of the files.');
  }
  const what = await lstat(path).catch((error: Error) => {
    throw misused(`cannot read ${name}: ${error.message}`);
  });
  if (what.isFile()) return [{ path, title: name.normalize('NFC'), size: what.size }];
  if (!what.isDirectory()) throw misused(`${name} is neither a file nor a folder`, 'Links are not followed.');
  const entries: readonly Dirent[] = await readdir(path, { withFileTypes: true });
  return (await Promise.all(entries.map((entry) => below(cwd, join(path, entry.name))))).flat();
}
