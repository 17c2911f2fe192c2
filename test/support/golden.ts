import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { root } from './releases.ts';
import { newDataDir, type Runtime, startRuntime } from './runtime.ts';
import { unpack } from './tar.ts';

export const GOLDEN = join(root, 'test/fixtures/installations');

const installation = z.strictObject({
  format: z.int(),
  /** Of the code that wrote it. */
  commit: z.string(),
  /** SHA-256 of the packed data directory. */
  data: z.string(),
  /** By the clock of those who open it. */
  opened_at: z.string(),
  /** Ids by what they name. */
  made: z.record(z.string(), z.string()),
  /** What each list held, by its path. */
  lists: z.record(z.string(), z.array(z.string())),
  /** Paths of one of each noun. */
  ones: z.array(z.string()),
  /** Approvals of each open promotion. */
  approvals: z.record(z.string(), z.array(z.string())),
  /** A checkpoint of the log that was kept, with its key, and a proof that was. */
  log: z.strictObject({ checkpoint: z.string(), size: z.int(), public_key: z.string(), proof: z.string() }),
});

/** What a golden installation holds, beside its packed data directory. */
export type Installation = z.infer<typeof installation>;

/** A module that sets the clock of code that cannot be told an instant, loaded before it: by Unix milliseconds. */
export const clockPreload = (instant: number): string =>
  `${pathToFileURL(join(GOLDEN, 'set-clock.mjs')).href}?ahead=${instant - Date.now()}`;

/** All golden installations, the oldest format first. */
export const installations: readonly Installation[] = readdirSync(GOLDEN)
  .filter((name) => name.startsWith('format-'))
  .map((name) =>
    installation.parse(JSON.parse(readFileSync(join(GOLDEN, name, 'installation.json'), 'utf8'))),
  )
  .sort((a, b) => a.format - b.format);

/** Unpacks an installation into a data directory that is removed when the runtime on it stops. */
export async function unpacked({ format }: Installation): Promise<string> {
  const dataDir = await newDataDir();
  await unpack(await readFile(join(GOLDEN, `format-${format}`, 'data.tar.br')), dataDir);
  return dataDir;
}

/** Opens an installation with the code of today, at its instant. */
export async function opened(one: Installation): Promise<Runtime> {
  return startRuntime({ SLUICE_LOCAL_CLOCK: one.opened_at }, { dataDir: await unpacked(one) });
}
