/** `npm run release`: writes everything that a version publishes into `release/`, from a clean tree alone. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { valid } from 'semver';
import * as z from 'zod/mini';
import { openApi } from '../functions/contract/openapi.ts';
import { buildAction } from './action.ts';
import { tgz, zip } from './archives.ts';
import { buildAssembly } from './cloud-assembly.ts';
import { buildCommandLine } from './command-line.ts';
import { buildLocalPackage } from './local-package.ts';
import { notices, sbom, thirdParties, uniqueParties } from './third-parties.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

/** Thrown with one sentence that says why there is no release. */
class NoRelease extends Error {}

/** What stands in `docs/releases.json` of names that the owner of the project has to register. */
const Names = z.object({ published: z.object({ cli: z.string(), local: z.string() }) });

const Package = z.object({ version: z.string() });

const { values } = parseArgs({ options: { out: { type: 'string', default: join(ROOT, 'release') } } });
try {
  const version = versionOf(Package.parse(await json('package.json')));
  await refuseChanges();
  refuseExisting(values.out, version);
  await place(values.out, await buildRelease(version));
} catch (error) {
  if (!(error instanceof NoRelease)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** The files of a release by name. */
async function buildRelease(version: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const { published } = Names.parse(await json('docs/releases.json'));
  const notes = notesOf(version, await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8'));
  const commandLine = await buildCommandLine(ROOT, published.cli, version);
  const local = await buildLocalPackage(ROOT, published.local, version);
  const assembly = await buildAssembly();
  const inAssembly = await thirdParties(ROOT, assembly.inside);
  const files = new Map<string, string | Uint8Array>([
    ['sluice.mjs', commandLine.program],
    [`sluice-cli-${version}.tgz`, await tgz(commandLine.package)],
    [`sluice-cli-${version}.cdx.json`, text(commandLine.sbom)],
    [`sluice-local-${version}.tgz`, await tgz(local.files)],
    [`sluice-local-${version}.cdx.json`, text(local.sbom)],
    [`sluice-action-${version}.tgz`, await tgz(await buildAction(ROOT, commandLine))],
    [`sluice-aws-${version}.zip`, zip(assembly.files)],
    [`sluice-aws-${version}.cdx.json`, text(sbom({ name: 'sluice-aws', version }, inAssembly))],
    ['Containerfile', await readFile(join(ROOT, 'packaging/Containerfile'))],
    ['openapi.json', text(openApi())],
    [
      'THIRD-PARTY-NOTICES',
      notices(uniqueParties([...commandLine.parties, ...local.parties, ...inAssembly])),
    ],
    ['NOTES.md', notes],
  ]);
  const bytes = [...files].map(([name, contents]) => [name, Buffer.from(contents)] as const);
  return new Map([...bytes, ['SHA256SUMS', Buffer.from(sums(bytes))]]);
}

async function json(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(ROOT, path), 'utf8'));
}

function text(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** The section of the changelog, for the page of the release. */
function notesOf(version: string, changelog: string): string {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((section) =>
    [version, `${version} (unreleased)`].includes(section.split('\n', 1)[0] ?? ''),
  );
  if (found === undefined) throw new NoRelease(`CHANGELOG.md has no section for version ${version}.`);
  return `${found.split('\n').slice(1).join('\n').trim()}\n`;
}

/** As `sha256sum -c` reads it. */
function sums(files: readonly (readonly [string, Uint8Array])[]): string {
  const lines = files.map(
    ([name, contents]) => `${createHash('sha256').update(contents).digest('hex')}  ${name}\n`,
  );
  return lines.toSorted((one, other) => (one.slice(64) < other.slice(64) ? -1 : 1)).join('');
}

function versionOf({ version }: { readonly version: string }): string {
  if (valid(version) === version) return version;
  throw new NoRelease(`The version of package.json, ${JSON.stringify(version)}, is no semantic version.`);
}

async function refuseChanges(): Promise<void> {
  const { stdout } = await run('git', ['status', '--porcelain'], { cwd: ROOT });
  const changed = stdout.split('\n').filter((line) => line !== '');
  if (changed.length === 0) return;
  const names = changed.map((line) => line.slice(3)).join(', ');
  throw new NoRelease(`A release is made from a commit. Commit or remove these changes first: ${names}`);
}

function refuseExisting(folder: string, version: string): void {
  if (!existsSync(folder)) return;
  throw new NoRelease(`${folder} is there already. Remove it to make version ${version} again.`);
}

/** The folder appears whole or not at all. */
async function place(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  const unfinished = `${folder}.${process.pid}`;
  try {
    await mkdir(unfinished, { recursive: true });
    for (const [name, contents] of files) await writeFile(join(unfinished, name), contents);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  for (const [name, { length }] of files) process.stdout.write(`${String(length).padStart(10)}  ${name}\n`);
}
