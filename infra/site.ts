import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { type Packing, writePacked } from './packing.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** One script and one style sheet: together they are smaller than most pictures, and every further file is a way there and back. Browsers of the last years: the page is for people of one company, who keep theirs current. */
const OPTIONS = {
  absWorkingDir: ROOT,
  entryPoints: { app: 'web/main.tsx', style: 'web/style/style.css' },
  tsconfig: 'web/tsconfig.json',
  bundle: true,
  // The domain computes digests by Node's modules: the browser has the parts of them that it asks for.
  alias: { 'node:crypto': './web/platform/node-crypto.ts' },
  inject: ['web/platform/buffer.ts'],
  minify: true,
  format: 'esm',
  target: ['chrome120', 'firefox121', 'safari17'],
  entryNames: '[name]-[hash]',
  outdir: join(ROOT, 'site'),
  write: false,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * Builds the dashboard into a folder: `index.html` and what it loads, each file packed by brotli (`.br`) and by gzip (`.gz`). All but
 * the page itself have the digest of their content in their names, so that a browser may keep them for ever.
 */
export async function buildSite(outdir: string, packing: Packing = 'smallest'): Promise<void> {
  const { outputFiles } = await build(OPTIONS);
  const files = outputFiles.map(({ path, contents }) => ({ name: basename(path), contents }));
  const nameOf = (begin: string, end: string) =>
    files.find(({ name }) => name.startsWith(begin) && name.endsWith(end))?.name ?? missing(begin);
  const icon = await readFile(join(ROOT, 'web/style/mark.svg'), 'utf8');
  const page = shell(nameOf('app-', '.js'), nameOf('style-', '.css'), icon.trim());
  await mkdir(outdir, { recursive: true });
  const style = files.filter(({ name }) => name.endsWith('.css'));
  const named = [
    ...files,
    { name: 'index.html', contents: Buffer.from(page) },
    // For pages that know no digest of a build.
    ...style.map(({ contents }) => ({ name: 'style.css', contents })),
  ];
  await Promise.all(named.map(({ name, contents }) => writePacked(outdir, name, contents, packing)));
}

/** Returns the modules that the dashboard is made of, as paths from the root of the project. */
export async function siteModules(): Promise<readonly string[]> {
  const { metafile } = await build({ ...OPTIONS, metafile: true });
  return Object.keys(metafile.inputs);
}

/** Says what stands there while the script has not run, or cannot. */
const shell = (script: string, style: string, icon: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sluice</title><meta name="color-scheme" content="light dark"><link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<link rel="stylesheet" href="/web/assets/${style}"><script type="module" src="/web/assets/${script}"></script></head>
<body class="app"><div id="app"></div><noscript><main class="page"><h1>Sluice</h1><p>The dashboard needs JavaScript. The command line and the API do not.</p></main></noscript></body></html>
`;

function missing(name: string): never {
  throw new Error(`The dashboard has no ${name}.`);
}
