import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import * as z from 'zod/mini';
import { bundleTogether, FUNCTION_ENTRIES } from '../infra/bundle.ts';
import { siteModules } from '../infra/site.ts';
import type { PackedFile } from './archives.ts';
import { synthesized } from './cloud-assembly.ts';
import { insideOf } from './modules.ts';
import { notices, sbom, type ThirdParty, thirdParties } from './third-parties.ts';

/** The package that runs Sluice on one machine, and what of others is in it. */
export type LocalPackage = {
  readonly files: readonly PackedFile[];
  readonly parties: readonly ThirdParty[];
  readonly sbom: object;
};

/** The platforms for which the table engine is published; npm installs the one that fits. */
const PLATFORMS = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];
const Root = z.object({ optionalDependencies: z.object({ '@dynoxide/linux-x64': z.string() }) });

/** Files that threads load, or that are read, by their names: they lie beside the bundle as they are. */
const BESIDE = {
  runtime: [
    'few-arenas.mjs',
    'require-node.mjs',
    'lambda/worker.mjs',
    'lambda/clock.mjs',
    'lambda/response-stream.mjs',
  ],
  '.': ['demo-people.json', 'demo-machines.json'],
};

/** Builds the package: what `npm start` is, bundled, with the assembly in it; nothing is built on the machine that runs it. */
export async function buildLocalPackage(root: string, name: string, version: string): Promise<LocalPackage> {
  const runtime = await bundleRuntime(root);
  const assembly = await localAssembly();
  const inside = [...new Set([...runtime.inside, ...assembly.inside, ...(await siteModules())])];
  const parties = await thirdParties(root, inside);
  const { optionalDependencies } = Root.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  const manifest = manifestOf(name, version, optionalDependencies['@dynoxide/linux-x64']);
  const beside = Object.entries(BESIDE).flatMap(([folder, files]) =>
    files.map(async (file) => ({
      name: join(folder, basename(file)),
      contents: await readFile(join(root, 'local', file)),
    })),
  );
  const files: readonly PackedFile[] = [
    { name: 'package.json', contents: Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`) },
    {
      name: 'sluice-local.mjs',
      contents: await readFile(join(root, 'packaging/sluice-local.mjs')),
      executable: true,
    },
    { name: 'README.md', contents: Buffer.from(README) },
    { name: 'LICENSE', contents: await readFile(join(root, 'LICENSE')) },
    { name: 'THIRD-PARTY-NOTICES', contents: Buffer.from(notices(parties)) },
    ...(await Promise.all(beside)),
    ...runtime.files,
    ...assembly.files.map(({ name: path, contents }) => ({ name: `assembly/${path}`, contents })),
  ];
  return {
    files: files.map((file) => ({ ...file, name: `package/${file.name}` })),
    parties,
    sbom: sbom({ name, version }, parties),
  };
}

type Built = { readonly files: readonly PackedFile[]; readonly inside: readonly string[] };

async function bundleRuntime(root: string): Promise<Built> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: { start: 'local/start.ts', token: 'local/token.ts' },
    outdir: 'runtime',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    mainFields: ['module', 'main'],
    outExtension: { '.js': '.mjs' },
    chunkNames: '[hash]',
    legalComments: 'none',
    // Packages in CommonJS ask for Node's own modules.
    banner: {
      js: "import{createRequire as _require}from'node:module';const require=_require(import.meta.url);",
    },
    plugins: [withoutSources],
  });
  const files = outputFiles.map(({ path, contents }) => ({ name: `runtime/${basename(path)}`, contents }));
  return { files, inside: insideOf(metafile.outputs) };
}

/** Leaves out what bundles the sources anew: the package has none, and refuses `--watch`. */
const withoutSources: Plugin = {
  name: 'without-sources',
  setup({ onResolve }) {
    onResolve({ filter: /\/watch\.ts$/ }, ({ path }) => ({ path, external: true }));
  },
};

/** The assembly of `npm start`: its functions share their chunks. */
async function localAssembly(): Promise<Built> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bundles-'));
  try {
    const { outputs } = await bundleTogether(FUNCTION_ENTRIES, folder, { minify: true });
    return { files: await synthesized({ folder, shared: true }), inside: insideOf(outputs) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const manifestOf = (name: string, version: string, engine: string) => ({
  ...{ name, version, license: 'Apache-2.0', type: 'module' },
  description: 'Sluice, the control plane for environment promotion, on one machine.',
  bin: { 'sluice-local': 'sluice-local.mjs' },
  engines: { node: '>=22.13' },
  optionalDependencies: Object.fromEntries(PLATFORMS.map((platform) => [`@dynoxide/${platform}`, engine])),
});

const README = `# sluice-local

Sluice on one machine, with people, agents, configuration and promotions to try it with: no cloud account, no container, nothing to build.

\`\`\`sh
npx sluice-local --open
sluice-local token dev@acme.com
\`\`\`

It listens on 127.0.0.1 only, and its sign-in asks for no password; \`--listen\` lets others in, who then need the code that it prints. Everything is kept in \`~/.local/share/sluice\`
(\`%LOCALAPPDATA%\\\\sluice\`, \`~/Library/Application Support/sluice\`) unless \`--data\` names a folder. \`sluice-local --help\` lists the options.
`;
