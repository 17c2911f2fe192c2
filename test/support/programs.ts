import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where `.ci/judges` puts what it builds. */
const judges = join(
  process.env['SLUICE_JUDGES'] ??
    join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sluice/judges'),
  'bin',
);

/** Where `.ci/judges` puts the packages that pages of tests load: a folder with `node_modules`. */
export const WEB_PACKAGES = join(judges, '../web');

/** `describe.skipIf(skipWithoutWebPackages())`. */
export function skipWithoutWebPackages(): boolean {
  const there = existsSync(join(WEB_PACKAGES, 'packages'));
  return skipLoudly(
    'with clients of flags in a browser',
    there ? undefined : 'there are no such clients here: run .ci/judges',
  );
}

/** Where a program of others lies: on PATH, or where `.ci/judges` put it. */
export function programPath(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), judges].filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Whether tests that need something must be skipped here: `missing` says why it cannot be had. Says so loudly, and throws instead where
 * CI=true: a green run there means that they ran.
 */
export function skipLoudly(what: string, missing: string | undefined): boolean {
  if (missing === undefined) return false;
  if (process.env['CI'] === 'true') throw new Error(missing);
  process.stderr.write(`\nSKIPPED, NOT PASSED: every test ${what}: ${missing}\n`);
  return true;
}

/** `describe.skipIf(skipWithout('skopeo'))`: whether tests that run a program of others must be skipped here. */
export function skipWithout(name: string): boolean {
  return skipLoudly(
    `with ${name}`,
    programPath(name) === undefined ? `there is no ${name} here: run .ci/judges` : undefined,
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
