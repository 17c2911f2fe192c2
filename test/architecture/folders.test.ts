import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const IMPORTED = /(?:from|import\()\s*'(\.[^']+)'/g;

/** Which folders directly below `area` import which, as `importer imported`; what lies in `area` itself belongs to all. */
function importsBetween(area: string, sources: ReadonlyMap<string, string>): ReadonlySet<string> {
  const folderOf = (file: string) => relative(area, file).split('/').slice(0, -1)[0];
  const found = new Set<string>();
  for (const [file, source] of sources) {
    for (const [, path = ''] of source.matchAll(IMPORTED)) {
      const imported = normalize(join(dirname(file), path));
      if (!imported.startsWith(`${area}/`)) continue;
      const [from, to] = [folderOf(file), folderOf(imported)];
      if (from !== undefined && to !== undefined && from !== to) found.add(`${from} ${to}`);
    }
  }
  return found;
}

/** The pairs of folders that import each other: neither can be read, moved or tested without the other. */
function mutual(imports: ReadonlySet<string>): readonly string[] {
  return [...imports].filter((pair) => {
    const [from = '', to = ''] = pair.split(' ');
    return from < to && imports.has(`${to} ${from}`);
  });
}

const AREAS = ['functions/domain', 'functions/use-cases'];

describe('the folders of the core', () => {
  it.each(AREAS)('of %s do not import each other', (area) => {
    const files = globSync(`${area}/**/*.ts`);
    const imports = importsBetween(area, new Map(files.map((file) => [file, readFileSync(file, 'utf8')])));
    expect(imports.size).toBeGreaterThan(20);
    expect(mutual(imports)).toEqual([]);
  });

  it('are found when they do, types included', () => {
    const planted = new Map([
      ['core/a/one.ts', "import type { Two } from '../b/two.ts';"],
      ['core/b/deep/three.ts', "const one = await import('../../a/one.ts');"],
      ['core/c/four.ts', "import { one } from '../a/one.ts';\nimport { five } from '../five.ts';"],
    ]);
    expect(mutual(importsBetween('core', planted))).toEqual(['a b']);
  });
});
