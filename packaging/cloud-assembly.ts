import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import * as z from 'zod/mini';
import { bundleFunctions, FUNCTION_ENTRIES } from '../infra/bundle.ts';
import { checkedApp } from '../infra/checked-app.ts';
import type { Bundles } from '../infra/constructs/sluice-function.ts';
import { siteModules } from '../infra/site.ts';
import type { PackedFile } from './archives.ts';
import { insideOf } from './modules.ts';

/** The cloud assembly of the default stage, and the modules that its functions are made of. */
export type CloudAssembly = { readonly files: readonly PackedFile[]; readonly inside: readonly string[] };

const MANIFEST = 'manifest.json';
/** What the CDK keeps for people who debug a synthesis: constructs with the paths of the machine that made them. */
const ForDeployment = z.looseObject({
  artifacts: z.record(z.string(), z.looseObject({ additionalMetadataFile: z.optional(z.string()) })),
});

/** Builds every function and synthesizes the assembly: `cdk deploy --app <folder>` needs no source. */
export async function buildAssembly(): Promise<CloudAssembly> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bundles-'));
  try {
    const { outputs } = await bundleFunctions(FUNCTION_ENTRIES, folder);
    const files = await synthesized({ folder, shared: false });
    return { files, inside: [...insideOf(outputs), ...(await siteModules())] };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Synthesizes the app, checked as it is for a deployment, and returns the files that a deployment needs. */
export async function synthesized(bundles: Bundles): Promise<readonly PackedFile[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'sluice-assembly-'));
  try {
    checkedApp(bundles, { outdir, treeMetadata: false, stackTraces: false }).synth();
    return withoutMetadata(await filesIn(outdir));
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

async function filesIn(folder: string): Promise<readonly PackedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    paths.map(async (path) => ({
      name: relative(folder, path).split(sep).join('/'),
      contents: await readFile(path),
    })),
  );
}

/** Leaves out the files of metadata, and what the manifest says of them. */
function withoutMetadata(files: readonly PackedFile[]): readonly PackedFile[] {
  const manifest = files.find(({ name }) => name === MANIFEST);
  const { artifacts, ...rest } = ForDeployment.parse(
    JSON.parse(Buffer.from(manifest?.contents ?? []).toString()),
  );
  const left = new Set([MANIFEST, 'validation-report.json']);
  const kept = Object.entries(artifacts).map(([id, { additionalMetadataFile, ...artifact }]) => {
    if (additionalMetadataFile !== undefined) left.add(additionalMetadataFile);
    return [id, artifact];
  });
  const contents = Buffer.from(
    `${JSON.stringify({ ...rest, artifacts: Object.fromEntries(kept) }, null, 2)}\n`,
  );
  return [...files.filter(({ name }) => !left.has(name)), { name: MANIFEST, contents }];
}
