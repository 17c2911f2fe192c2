import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onlyOne } from './only-one.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Everything a synthesis reads. */
const sources = ['infra', 'functions', 'web', 'statemachines', 'docs', 'package-lock.json', 'tsconfig.json'];

/** Which assembly: that of `infra/local-app.ts`, or the one that is deployed, whose synthesis takes ten times as long. */
export type Form = 'local' | 'deployed';
const HOW = {
  // The validator takes longer than everything else of a synthesis.
  local: { script: 'infra/local-app.ts', CDK_VALIDATION: 'false' },
  deployed: { script: 'infra/app.ts', CDK_VALIDATION: 'true' },
} as const;

/** Where assemblies are kept: beside the packages that they are made of, and in the data directory where that cannot be written. */
export function assembliesBase(dataDir: string): string {
  const modules = join(root, 'node_modules');
  try {
    accessSync(modules, constants.W_OK);
    return join(modules, '.cache/sluice/assembly');
  } catch {
    return join(dataDir, 'assembly');
  }
}

/**
 * The directory below `base` that holds the assembly of the present sources, synthesized when it is not there yet.
 * Directories are named by the digest of the sources and appear whole, so processes may share a base: one of them
 * synthesizes, the others wait for it. Removes assemblies that no process asked for in a week.
 */
export async function synthesize(
  base: string,
  tell: (line: string) => void = () => {},
  form: Form = 'local',
): Promise<string> {
  const directory = join(base, `${await fingerprint()}-${form}`);
  await mkdir(base, { recursive: true });
  await keepFresh(directory);
  await onlyOne(
    `${directory}.lock`,
    () => existsSync(directory),
    async () => {
      tell(
        'Bundling the functions and making the template, once for these sources. It takes about 5 seconds.',
      );
      const begun = performance.now();
      await synthesizeInto(directory, form);
      tell(`Bundled and made after ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
    },
  );
  await forgetOld(base);
  return directory;
}

async function synthesizeInto(directory: string, form: Form): Promise<void> {
  const unfinished = `${directory}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await runApp(form, unfinished);
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}

const DAY_MS = 86_400_000;

/** Marks an assembly as used, now and every day while this process runs: functions are loaded from it when they are first called. */
async function keepFresh(directory: string): Promise<void> {
  const mark = () => utimes(directory, new Date(), new Date()).catch(() => {});
  await mark();
  setInterval(mark, DAY_MS).unref();
}

async function forgetOld(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const path = join(base, name);
    const used = (await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now();
    if (Date.now() - used > 7 * DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

async function fingerprint(): Promise<string> {
  // Bundles read the built-in modules of the Node that makes them.
  const digest = createHash('sha256').update(process.version);
  for (const source of sources) {
    for (const file of await filesOf(source)) {
      const content = createHash('sha256').update(readFileSync(join(root, file)));
      digest.update(`${file}\0`).update(content.digest());
    }
  }
  return digest.digest('hex').slice(0, 32);
}

async function filesOf(source: string): Promise<readonly string[]> {
  const path = join(root, source);
  if (!existsSync(path)) return [];
  if (source.includes('.')) return [source];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && (source !== 'docs' || entry.name.endsWith('.md')))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

async function runApp(form: Form, outdir: string): Promise<void> {
  const { script, CDK_VALIDATION } = HOW[form];
  const app = spawn(process.execPath, ['--import', './local/require-node.mjs', script], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [app.stdout, app.stderr]) {
    stream.on('data', (chunk) => {
      output = `${output}${String(chunk)}`.slice(-8000);
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    app.on('error', reject);
    app.on('exit', resolve);
  });
  if (code !== 0) throw new Error(`The infrastructure does not synthesize:\n${output}`);
}
