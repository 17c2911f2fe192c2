import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onlyOne } from './only-one.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Everything a synthesis reads. */
const sources = ['infra', 'functions', 'web', 'statemachines', 'package-lock.json', 'cdk.json'];

/**
 * The directory below `base` that holds the assembly of the present sources, synthesized when it is not there yet.
 * Directories are named by the digest of the sources and appear whole, so processes may share a base: one of them
 * synthesizes, the others wait for it.
 */
export async function synthesize(base: string, tell: (line: string) => void = () => {}): Promise<string> {
  const directory = join(base, await fingerprint());
  if (existsSync(directory)) return directory;
  await mkdir(base, { recursive: true });
  await onlyOne(
    `${directory}.lock`,
    () => existsSync(directory),
    async () => {
      tell('The sources are new here: bundling and synthesizing them, once.');
      await synthesizeInto(directory);
    },
  );
  return directory;
}

async function synthesizeInto(directory: string): Promise<void> {
  const unfinished = `${directory}.${process.pid}`;
  await mkdir(unfinished, { recursive: true });
  try {
    await runApp(unfinished);
    await rename(unfinished, directory);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!existsSync(directory)) throw error;
  }
}

/** Removes the assemblies of other sources. Only for a base that no other process uses. */
export async function forgetOthers(base: string, kept: string): Promise<void> {
  for (const name of await readdir(base)) {
    if (join(base, name) !== kept) await rm(join(base, name), { recursive: true, force: true });
  }
}

async function fingerprint(): Promise<string> {
  const digest = createHash('sha256');
  for (const source of sources) {
    for (const file of await filesOf(source)) {
      digest.update(`${file}\0`).update(
        createHash('sha256')
          .update(await readFile(join(root, file)))
          .digest(),
      );
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
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .sort();
}

async function runApp(outdir: string): Promise<void> {
  const app = spawn(process.execPath, ['infra/app.ts'], {
    cwd: root,
    env: { ...process.env, CDK_OUTDIR: outdir },
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
