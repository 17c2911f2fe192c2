import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../../cli/bundle.mjs';
import { siteModules } from '../../infra/site.ts';
import { insideOf } from '../../packaging/modules.ts';
import { notices, sbom, thirdParties } from '../../packaging/third-parties.ts';
import { ALLOWED_LICENSES } from '../support/licenses.ts';

const root = join(import.meta.dirname, '../..');

async function folderWith(files: { readonly [path: string]: string }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-parties-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}
const manifest = (name: string, version = '1.0.0', license = 'MIT') =>
  JSON.stringify({ name, version, license });

describe('the packages of others inside a bundle', () => {
  it('are the innermost ones of its modules, each once, with their license', async () => {
    const folder = await folderWith({
      'node_modules/a/package.json': manifest('a'),
      'node_modules/a/LICENSE.md': 'as is\n',
      'node_modules/a/node_modules/@b/c/package.json': manifest('@b/c', '2.0.0-rc+1', 'ISC'),
    });
    const inputs = [
      'cli/main.ts',
      'node_modules/a/lib/x.js',
      'node_modules/a/lib/y.js',
      'node_modules/a/node_modules/@b/c/index.js',
    ];
    const found = await thirdParties(folder, inputs);
    expect(found).toEqual([
      { name: '@b/c', version: '2.0.0-rc+1', license: 'ISC', text: '' },
      { name: 'a', version: '1.0.0', license: 'MIT', text: 'as is' },
    ]);
    expect(notices(found)).toContain('a 1.0.0 (MIT)\n\nas is\n');
    expect(sbom({ name: 'x', version: '3.0.0' }, found).components.map(({ purl }) => purl)).toEqual([
      'pkg:npm/%40b/c@2.0.0-rc%2B1',
      'pkg:npm/a@1.0.0',
    ]);
  });

  it('stop a release where one names no license', async () => {
    const folder = await folderWith({ 'node_modules/a/package.json': '{"name":"a","version":"1.0.0"}' });
    await expect(thirdParties(folder, ['node_modules/a/x.js'])).rejects.toThrow(
      'no name, version or license',
    );
  });

  it.each([
    [
      'the command line',
      async () => (await commandLine()).metafiles.flatMap(({ outputs }) => insideOf(outputs)),
    ],
    ['the dashboard', siteModules],
  ] as const)('are all of the modules of %s, and their licenses allow it', async (_, modules) => {
    const inside = await modules();
    const found = await thirdParties(root, inside);
    const folders = new Set(inside.filter((path: string) => path.includes('node_modules/')).map(folderOf));
    expect(found.length).toBe(folders.size);
    expect(folders.size).toBeGreaterThan(1);
    expect(found.filter(({ license }) => !ALLOWED_LICENSES.has(license))).toEqual([]);
  });
});

/** Where the package of a module begins, told by its manifests alone. */
function folderOf(path: string): string {
  const parts = path.split('/');
  const at = parts.lastIndexOf('node_modules');
  return parts.slice(0, at + (parts[at + 1]?.startsWith('@') ? 3 : 2)).join('/');
}
