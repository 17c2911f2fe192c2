import { basename, dirname, join, resolve, sep } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** Source files that bundles load only when they need them, by the name that stands beside the bundle. */
export type LateModules = Map<string, string>;

/**
 * Leaves what the code below `root` imports dynamically out of the bundles, under a name of its own: `import('./far/away.ts')`
 * loads `away.mjs` beside the bundle. A function pays for such a module when it first needs it, not at every cold start.
 */
export function lateModules(root: string, found: LateModules): Plugin {
  return {
    name: 'late-modules',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ kind, importer, path, resolveDir }) => {
        if (kind !== 'dynamic-import' || !importer.startsWith(root + sep)) return undefined;
        const file = resolve(resolveDir, path);
        const name = `./${basename(file, '.ts')}.mjs`;
        const other = found.get(name);
        if (other !== undefined && other !== file)
          throw new Error(`${file} and ${other} both become ${name}`);
        found.set(name, file);
        return { path: name, external: true };
      });
    },
  };
}

/** Builds every late module beside each bundle that asks for it. */
export async function buildLateModules(
  options: BuildOptions & { readonly absWorkingDir: string },
  outdir: string,
  { outputs }: Metafile,
  found: LateModules,
): Promise<void> {
  const entryPoints = Object.entries(outputs).flatMap(([output, { imports }]) => {
    const folder = dirname(resolve(options.absWorkingDir, output));
    return imports.flatMap(({ path }) => {
      const file = found.get(path);
      return file === undefined ? [] : [{ in: file, out: join(folder, basename(path, '.mjs')) }];
    });
  });
  const unique = [...new Map(entryPoints.map((entry) => [entry.out, entry])).values()];
  await Promise.all(unique.map((entry) => build({ ...options, outdir, entryPoints: [entry] })));
}
