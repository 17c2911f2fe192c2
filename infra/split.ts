import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

type Output = Metafile['outputs'][string];

/** The name that esbuild gives a chunk: its hash has eight characters. */
const CHUNK = /([\w.-]+-)([A-Z0-9]{8})\.mjs/g;

/** The options of a build whose paths are relative to a folder. */
type Options = BuildOptions & { readonly absWorkingDir: string };
/** An entry, and the folder of its `index.mjs`. */
type Place = { readonly entry: string; readonly outdir: string };

/** Builds one entry into `<outdir>/index.mjs` alone, with what it loads on demand in it. */
export async function buildWhole(options: Options, { entry, outdir }: Place): Promise<Metafile> {
  const entryPoints = [{ in: entry, out: 'index' }];
  const { metafile } = await build({ ...options, metafile: true, outdir, entryPoints });
  return metafile;
}

/** Whether these outputs load modules of ours on demand. A dynamic import within a package is the package's own matter: it stays in the one file. */
function loadsLate({ inputs, outputs }: Metafile, loaded: ReadonlySet<string>): boolean {
  const files = [...loaded].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
  const late = (file: string) =>
    inputs[file]?.imports.some(({ kind, external }) => kind === 'dynamic-import' && external !== true);
  return files.some((file) => !file.startsWith('node_modules/') && late(file));
}

/**
 * Builds one entry into `<outdir>/index.mjs` and the chunks beside it that it loads at the start or on demand. Every module is in one
 * chunk only, so that a class or a cache exists once, however it was reached. Without modules on demand it is one file.
 *
 * Chunks are named after the modules in them and not after their bytes: a build with source maps, which esbuild hashes as well, has the
 * same names and columns as the deployed one.
 */
export async function buildSplit(options: Options, place: Place): Promise<Metafile> {
  const { entry, outdir } = place;
  const { outputFiles, metafile } = await build({
    ...options,
    splitting: true,
    write: false,
    metafile: true,
    outdir,
    chunkNames: '[name]-[hash]',
    entryPoints: [{ in: entry, out: 'index' }],
  });
  const loaded = reachable(metafile, relative(options.absWorkingDir, join(outdir, 'index.mjs')));
  if (!loadsLate(metafile, loaded)) return buildWhole(options, place);
  const names = stableNames(metafile);
  const renamed = (text: string) => text.replaceAll(CHUNK, (name) => names.get(name) ?? name);
  await mkdir(outdir, { recursive: true });
  await Promise.all(
    outputFiles
      .filter(({ path }) => loaded.has(relative(options.absWorkingDir, path).replace(/\.map$/, '')))
      .map(({ path, text }) => writeFile(join(dirname(path), renamed(basename(path))), renamed(text))),
  );
  const kept = Object.entries(metafile.outputs).filter(([name]) => loaded.has(name));
  const outputs = kept.map(([name, output]) => [renamed(name), renamedIn(output)]);
  function renamedIn(output: Output): Output {
    return { ...output, imports: output.imports.map((one) => ({ ...one, path: renamed(one.path) })) };
  }
  return { ...metafile, outputs: Object.fromEntries(outputs) };
}

/** The outputs that something loads: esbuild also writes what only code imported that it has dropped. */
function reachable({ outputs }: Metafile, entry: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name)) return;
    seen.add(name);
    for (const { path, external } of outputs[name]?.imports ?? []) if (external !== true) visit(path);
  };
  visit(entry);
  return seen;
}

/** The name of each chunk by the one that esbuild gave it, of the same length: no position in a file changes. */
function stableNames({ outputs }: Metafile): ReadonlyMap<string, string> {
  const chunks = Object.entries(outputs).filter(([name]) => /-[A-Z0-9]{8}\.mjs$/.test(name));
  const names = new Map(
    chunks.map(([name, { entryPoint = '', inputs, exports }]) => {
      // Chunks without a module, as that of esbuild's own helpers, differ in what they export.
      const holds = [[entryPoint], Object.keys(inputs).sort(), exports];
      const hash = createHash('sha256').update(JSON.stringify(holds)).digest('hex');
      const file = basename(name);
      return [file, `${file.slice(0, -'00000000.mjs'.length)}${hash.slice(0, 8).toUpperCase()}.mjs`];
    }),
  );
  if (new Set(names.values()).size !== chunks.length) throw new Error('Two chunks would have the same name.');
  return names;
}
