import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite } from '../../infra/site.ts';

let folder: string;
let names: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-site-'));
  await buildSite(folder);
  names = await readdir(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 20 }));

const unpacked = async (name: string): Promise<string> =>
  gunzipSync(await readFile(join(folder, name))).toString();
/** All that a browser may ever load, gzipped: the design allows no more. */
const MOST = 150 * 1024;

describe('the built dashboard', () => {
  it('weighs at most 150 KB in all, packed', async () => {
    const sizes = await Promise.all(
      names
        .filter((name) => name.endsWith('.gz'))
        .map(async (name) => (await readFile(join(folder, name))).length),
    );
    expect(sizes.length).toBeGreaterThan(3);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(MOST);
  });

  it('has each file in both packings, the same within, and its digest in the name', async () => {
    for (const name of names.filter((one) => one.endsWith('.gz'))) {
      const br = brotliDecompressSync(await readFile(join(folder, name.replace(/gz$/, 'br')))).toString();
      expect(br, name).toBe(await unpacked(name));
      expect(name).toMatch(/^(index\.html|style\.css|[a-z]+-[A-Z0-9]{8}\.(js|css|svg))\.gz$/);
    }
  });

  it('has the same names when it is built again', async () => {
    const again = join(folder, 'again');
    await buildSite(again);
    expect((await readdir(again)).sort()).toEqual([...names].sort());
  });

  it('loads two files of its own and holds no script or style inline', async () => {
    const page = await unpacked('index.html.gz');
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, at]) => at)).toEqual([
      expect.stringMatching(/^data:image\/svg\+xml,%3Csvg%20[\w%.()*~!'-]+$/),
      expect.stringMatching(/^\/web\/assets\/style-\w+\.css$/),
      expect.stringMatching(/^\/web\/assets\/app-\w+\.js$/),
    ]);
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  });

  it('names no other host, and asks for nothing that its policy forbids', async () => {
    for (const name of names.filter((one) => /\.(js|css)\.gz$/.test(one))) {
      const text = await unpacked(name);
      const hosts = [...text.matchAll(/https?:\/\/([^/"'`\s)]+)/g)].map(([, host]) => host);
      expect(
        hosts.filter((host) => !/^(www\.w3\.org|json-schema\.org|registry\.example\.com)$/.test(host ?? '')),
        name,
      ).toEqual([]);
      expect(text).not.toMatch(/@import|url\(/);
    }
  });
});
