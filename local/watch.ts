import { existsSync, watch } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleEntry, bundleFunctions, FUNCTION_ENTRIES } from '../infra/bundle.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The sources of functions, bundled when a function is called after a change of them. */
export interface Sources {
  /** The module of a function as its sources are now; `undefined` for a function that has none here. Rejects where they do not build. */
  latest(name: string): Promise<string | undefined>;
  /** Stops watching and removes what was bundled. */
  stop(): Promise<void>;
}

/** Where the sources are, and what is made of them. */
export interface Watched {
  readonly folders: readonly string[];
  readonly entries: readonly BundleEntry[];
}

const OWN: Watched = {
  folders: [join(root, 'functions'), join(root, 'web')],
  entries: FUNCTION_ENTRIES,
};

type Built = { readonly change: number; readonly file: Promise<string> };

/**
 * Watches sources, and bundles into `outdir`, with maps of the source lines. A change makes every function old, and the next call of one
 * bundles that one alone: nobody waits for functions that are not called.
 */
export function watchSources(outdir: string, { folders, entries }: Watched = OWN): Sources {
  let change = 0;
  const changed = () => {
    change += 1;
  };
  const watchers = folders
    .filter((folder) => existsSync(folder))
    .map((folder) => watch(folder, { recursive: true, persistent: false }, changed));
  const built = new Map<string, Built>();

  async function bundle(entry: BundleEntry, at: number): Promise<string> {
    // A folder of its own: threads at work still read the pages and the source map of the one before.
    const folder = join(outdir, String(at));
    await bundleFunctions([entry], folder, { sourcemap: 'linked', minify: false, inOne: true });
    return join(folder, entry.name, 'index.mjs');
  }

  return {
    async latest(name) {
      const entry = entries.find((one) => one.name === name);
      if (entry === undefined) return undefined;
      const known = built.get(name);
      if (known?.change === change) return known.file;
      const file = bundle(entry, change);
      built.set(name, { change, file });
      return file;
    },
    async stop() {
      for (const watcher of watchers) watcher.close();
      await Promise.allSettled([...built.values()].map(({ file }) => file));
      await rm(outdir, { recursive: true, force: true });
    },
  };
}
