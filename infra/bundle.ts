import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { withoutFacades } from './builtin-facades.ts';
import type { FunctionDeclaration } from './declaration.ts';
import { FUNCTIONS } from './functions.ts';
import { buildGuides } from './guides.ts';
import { sdkCuts } from './sdk-cuts.ts';
import { buildSite } from './site.ts';
import { buildSplit, loadsLate } from './split.ts';

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

/**
 * Builds every entry into one ES module that needs nothing beside itself; where a function loads modules on demand, with the chunks
 * that it shares with them, unless all is to be in one, which takes half the time.
 *
 * @throws when an entry does not exist, naming all that are missing, or when one does not build
 */
export async function bundleFunctions(
  entries: readonly BundleEntry[],
  outdir: string,
  { inOne = false, ...more }: Pick<BuildOptions, 'sourcemap' | 'minify'> & { readonly inOne?: boolean } = {},
): Promise<Metafile> {
  const missing = entries.filter(({ entry }) => !existsSync(entry));
  if (missing.length > 0) {
    throw new Error(`Functions without their source: ${missing.map(({ entry }) => entry).join(', ')}`);
  }
  const options = { ...BUNDLE_OPTIONS, ...more, absWorkingDir: ROOT };
  const whole = await build({
    ...options,
    outdir,
    entryPoints: entries.map(({ name, entry }) => ({ in: entry, out: join(name, 'index') })),
  });
  const late = new Set(inOne ? [] : loadsLate(whole.metafile).map((output) => resolve(ROOT, output)));
  const metafile: Metafile = { ...whole.metafile, outputs: { ...whole.metafile.outputs } };
  for (const { name, entry } of entries) {
    if (!late.has(resolve(outdir, name, 'index.mjs'))) continue;
    const split = await buildSplit(options, { entry, outdir: join(outdir, name) });
    Object.assign(metafile.outputs, split.outputs);
  }
  for (const { name, site, guides } of entries) {
    if (site) await buildSite(join(outdir, name, 'site'));
    if (guides) await buildGuides(join(outdir, name, 'guides'));
  }
  return metafile;
}
