import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { withoutFacades } from './builtin-facades.ts';
import type { FunctionDeclaration } from './declaration.ts';
import { FUNCTIONS } from './functions.ts';
import { buildGuides } from './guides.ts';
import type { Packing } from './packing.ts';
import { sdkCuts } from './sdk-cuts.ts';
import { buildSite } from './site.ts';
import { buildSplit, buildWhole } from './split.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** One file to build: `entry` is absolute, `<outdir>/<name>/index.mjs` is what comes out, and with `site` the dashboard beside it, with `guides` the guides. */
export type BundleEntry = {
  readonly name: string;
  readonly entry: string;
  readonly site?: true;
  readonly guides?: true;
};

/** The options of every function bundle; the benchmark builds its reference with the same ones. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  mainFields: ['module', 'main'],
  legalComments: 'none',
  charset: 'utf8',
  treeShaking: true,
  metafile: true,
  logLevel: 'warning',
  outExtension: { '.js': '.mjs' },
  plugins: [withoutFacades(), sdkCuts()],
} as const satisfies BuildOptions;

/** The declared functions as files. */
export const FUNCTION_ENTRIES: readonly BundleEntry[] = FUNCTIONS.map(
  ({ name, entry, site, guides }: FunctionDeclaration) => ({
    name,
    entry: join(ROOT, 'functions/handlers', entry),
    ...(site === undefined ? {} : { site }),
    ...(guides === undefined ? {} : { guides }),
  }),
);

type HowBuilt = Pick<BuildOptions, 'sourcemap' | 'minify'>;

/**
 * Builds every entry into one ES module that needs nothing beside itself; where a function loads modules of ours on demand, with the
 * chunks that it shares with them. `inOne`: one module each even there, which takes half the time.
 *
 * @throws when an entry does not exist, naming all that are missing, or when one does not build
 */
export async function bundleFunctions(
  entries: readonly BundleEntry[],
  outdir: string,
  { inOne = false, ...more }: HowBuilt & { readonly inOne?: boolean } = {},
): Promise<Metafile> {
  assertSources(entries);
  const options = { ...BUNDLE_OPTIONS, ...more, absWorkingDir: ROOT };
  const metafile: Metafile = { inputs: {}, outputs: {} };
  const buildEach = async () => {
    for (const { name, entry } of entries) {
      const place = { entry, outdir: join(outdir, name) };
      const built = inOne ? await buildWhole(options, place) : await buildSplit(options, place);
      Object.assign(metafile.inputs, built.inputs);
      Object.assign(metafile.outputs, built.outputs);
    }
  };
  await Promise.all([buildEach(), buildBeside(entries, outdir, inOne ? 'quick' : 'smallest')]);
  return metafile;
}

/**
 * Builds all entries at once, with the chunks that they share: a tenth of the work of building each by itself, for one machine that runs
 * all of them. On AWS a function loads its bundle anew at each cold start, and the more files the slower.
 *
 * @throws as `bundleFunctions`
 */
export async function bundleTogether(
  entries: readonly BundleEntry[],
  outdir: string,
  // Stack traces name functions as the sources do.
  { minify = false }: Pick<BuildOptions, 'minify'> = {},
): Promise<Metafile> {
  assertSources(entries);
  const built = build({
    ...BUNDLE_OPTIONS,
    minify,
    absWorkingDir: ROOT,
    splitting: true,
    chunkNames: 'chunks/[hash]',
    outdir,
    entryPoints: entries.map(({ name, entry }) => ({ in: entry, out: join(name, 'index') })),
  });
  const [{ metafile }] = await Promise.all([built, buildBeside(entries, outdir, 'quick')]);
  return metafile;
}

function assertSources(entries: readonly BundleEntry[]): void {
  const missing = entries.filter(({ entry }) => !existsSync(entry));
  if (missing.length > 0) {
    throw new Error(`Functions without their source: ${missing.map(({ entry }) => entry).join(', ')}`);
  }
}

/** Builds the dashboard and the guides beside the functions that serve them. */
async function buildBeside(entries: readonly BundleEntry[], outdir: string, packing: Packing): Promise<void> {
  await Promise.all(
    entries.flatMap(({ name, site, guides }) => [
      ...(site ? [buildSite(join(outdir, name, 'site'), packing)] : []),
      ...(guides ? [buildGuides(join(outdir, name, 'guides'), packing)] : []),
    ]),
  );
}
