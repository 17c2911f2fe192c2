import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

export const root = join(import.meta.dirname, '../..');

const version = z.string().regex(/^\d+\.\d+\.\d+$/);
const format = z.int().positive();

const page = z.strictObject({
  published: z.strictObject({ cli: z.string(), local: z.string(), image: z.string() }),
  /** The program that deploys the assembly. */
  aws_cdk: version,
  next: z.strictObject({ version, format }),
  released: z.tuple(
    [z.strictObject({ version, commit: z.string().regex(/^[0-9a-f]{40}$/), format })],
    z.strictObject({ version, commit: z.string().regex(/^[0-9a-f]{40}$/), format }),
  ),
});

/** The releases of `docs/releases.json`, the newest first, and the version that the code of today becomes. */
export const releases = page.parse(JSON.parse(readFileSync(join(root, 'docs/releases.json'), 'utf8')));

/** What git says, without the line's end; `undefined` where it fails, as outside a checkout with its whole history. */
export function git(...words: readonly string[]): string | undefined {
  try {
    return execFileSync('git', words, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined;
  }
}
