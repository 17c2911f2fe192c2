import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type BundleEntry, bundleFunctions, FUNCTION_ENTRIES } from './bundle.ts';

const POSITION = /(\w[\w-]*)\.mjs:(\d+):(\d+)/g;

/**
 * A stack trace of a bundle with positions in the sources. The same sources bundle to the same bytes, so that the map of a deployed bundle
 * is made when it is needed, at the deployed commit, and no function carries one.
 */
export async function traceOf(entry: BundleEntry, trace: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-trace-'));
  try {
    await bundleFunctions([entry], folder, { sourcemap: 'external' });
    const maps = new Map<string, SourceMap>();
    for (const [, module = ''] of trace.matchAll(POSITION)) {
      if (maps.has(module)) continue;
      const file = join(folder, entry.name, `${module}.mjs.map`);
      const map = await readFile(file, 'utf8').catch(() => undefined);
      if (map !== undefined) maps.set(module, new SourceMap(JSON.parse(map)));
    }
    return trace.replaceAll(POSITION, (position, module: string, line: string, column: string) => {
      const found = maps.get(module)?.findEntry(Number(line) - 1, Number(column) - 1);
      if (found === undefined || !('originalSource' in found)) return position;
      const source = found.originalSource.replace(/^(\.\.\/)+/, '');
      return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const entry = FUNCTION_ENTRIES.find(({ name }) => name === process.argv[2]);
  if (entry === undefined) {
    console.error('usage: node infra/trace.ts <function> < trace.txt');
    process.exit(2);
  }
  process.stdout.write(await traceOf(entry, await text(process.stdin)));
}
