import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const STATEMENT = /^(?:import|export)\s+(?!type\s)(?:[^;'"]*?\sfrom\s+)?'(\.[^']+)'/gm;
const LAZY = /\bimport\(\s*'(\.[^']+)'/g;

/** The own modules that `source`, the text of `file`, loads when it runs: types load nothing. Lazy imports count only if asked for. */
export function importedBy(file: string, source: string, lazy = false): readonly string[] {
  const found = [...source.matchAll(STATEMENT), ...(lazy ? source.matchAll(LAZY) : [])];
  return [...new Set(found.map(([, path = '']) => normalize(join(dirname(file), path))))];
}

const read = new Map<string, readonly string[]>();

function importedByFile(file: string, lazy: boolean): readonly string[] {
  const key = `${file} ${lazy}`;
  const known = read.get(key);
  if (known !== undefined) return known;
  const imported = /\.tsx?$/.test(file) ? importedBy(file, readFileSync(file, 'utf8'), lazy) : [];
  read.set(key, imported);
  return imported;
}

/** All that runs because `file` is loaded, by the number of imports between them: 0 is the file itself. */
export function closureOf(file: string, { lazy = false } = {}): ReadonlyMap<string, number> {
  const found = new Map([[file, 0]]);
  // A map is iterated in the order of insertion, including what is inserted on the way: nearest first.
  for (const [at, distance] of found) {
    for (const imported of importedByFile(at, lazy)) {
      if (!found.has(imported)) found.set(imported, distance + 1);
    }
  }
  return found;
}
