import { readdir, readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { TAGS } from '../../functions/contract/openapi-words.ts';
import { guideBody, readGuides } from '../../functions/handlers/pages/guide.ts';
import type { SiteFiles } from '../../functions/ports/site-files.ts';
import { GUIDES, guideOf } from '../../infra/guides.ts';
import { createWorld, type World } from './api-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
const get = (path: string) => world.send({ method: 'GET', path });
const groups = Object.keys(TAGS).map((tag) => tag.replaceAll(' ', '-'));

/** What the build would never write. */
const LINK = { to: 'javascript:alert(1)', of: ['x'] };

/** A guide as it lies beside the function. */
const packed = (guide: object): SiteFiles => ({ read: async () => gzipSync(JSON.stringify([guide])) });

/** Headings below the title, but those within code. */
const headingsIn = (source: string): number =>
  source.replaceAll(/```.*?```/gs, '').match(/^#{2,3} /gm)?.length ?? 0;

describe('the pages that describe the API', () => {
  it('list every operation once, without a sign-in', async () => {
    const { status, body, headers } = await get('/docs');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    for (const { operation } of ENDPOINTS) expect(String(body).split(`#${operation}"`)).toHaveLength(2);
    for (const group of groups) expect(String(body)).toContain(`href="/docs/${group}"`);
  });

  it.each(groups)(
    'show the group %s with its parameters and answers, and lead each link somewhere',
    async (group) => {
      const { status, body } = await get(`/docs/${group}`);
      expect(status).toBe(200);
      const text = String(body);
      const own = ENDPOINTS.filter(({ tag }) => tag.replaceAll(' ', '-') === group);
      for (const { operation, path } of own) {
        expect(text).toContain(`id="${operation}"`);
        expect(text).toContain(path.replaceAll('+}', '}').replaceAll("'", '&#39;'));
      }
      const targets = [...text.matchAll(/href="#([\w-]+)"/g)].map(([, id]) => id);
      for (const id of new Set(targets)) expect(text).toContain(`id="${id}"`);
    },
  );

  it('show examples and run nothing', async () => {
    const { body, headers } = await get('/docs/config-promotions');
    expect(String(body)).toContain('query.timeout');
    expect(String(body)).not.toMatch(/<script|javascript:| on[a-z]+=| style=/i);
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    expect(policy).not.toContain('script-src');
  });

  it.each(Object.keys(GUIDES))('show the guide %s, and lead each link of it somewhere', async (name) => {
    const { status, body, headers } = await get(`/docs/guides/${name}`);
    expect(status).toBe(200);
    expect(String(headers['content-security-policy'])).not.toMatch(/unsafe|script-src/);
    const text = String(body);
    const source = await readFile(`docs/${name}.md`, 'utf8');
    expect(text).toContain(`<h1>${/^# (.*)$/m.exec(source)?.[1]}</h1>`);
    // Every heading of the source is there, and nothing of how a guide is written.
    expect(text.split(/<h[23] id=/)).toHaveLength(headingsIn(source) + 1);
    expect(text).not.toMatch(/```|\]\(|<script| style=/);
    for (const [, path = '', id] of text.matchAll(/href="([^"#]*)(?:#([^"]*))?"/g)) {
      if (path.startsWith('https://') || path === '/' || path.startsWith('/web/')) continue;
      const there = path === '' ? text : String((await get(path)).body);
      if (id !== undefined) expect(there, `${path}#${id}`).toContain(`id="${id}"`);
      else expect(there).toContain('<h1>');
    }
  });

  it('show all guides that there are, each with its first words', async () => {
    const names = (await readdir('docs')).filter((name) => name.endsWith('.md'));
    expect(names.map((name) => name.slice(0, -3)).sort()).toEqual(Object.keys(GUIDES).sort());
    const text = String((await get('/docs')).body);
    for (const [name, says] of Object.entries(GUIDES)) {
      expect(text).toContain(`href="/docs/guides/${name}"`);
      expect(text).toContain(says);
    }
    expect((await get('/docs/guides/none')).status).toBe(404);
  });

  it('show markup of a guide as it is written, and follow no link that a browser would run', async () => {
    const lines = ['# x', '<script>alert(1)</script>', 'a <img src=x> [a](javascript:x) [b](../x.md) `<i>`'];
    const built = guideOf('hostile', '', lines.join('\n\n'));
    const [guide] = await readGuides(packed(built));
    const text = String(guide === undefined ? '' : guideBody(guide));
    expect(text).not.toMatch(/<(script|img|i)|javascript:|href/);
    expect(text).toContain('&#60;script&#62;');
    expect(text).toContain('&#60;img src=x&#62;');
    const forged = packed({ ...built, blocks: [{ block: 'paragraph', of: [LINK] }] });
    await expect(readGuides(forged)).rejects.toThrow();
  });

  it('know no other group', async () => {
    expect((await get('/docs/none')).status).toBe(404);
  });

  it('take at most 30 KB of code beside the document', async () => {
    const { outputFiles } = await build({
      entryPoints: ['functions/handlers/pages/docs-page.ts'],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      write: false,
      external: ['zod/mini', 'node:*'],
    });
    expect(outputFiles[0]?.contents.length ?? 0).toBeGreaterThan(1_000);
    expect(outputFiles[0]?.contents.length).toBeLessThanOrEqual(30 * 1024);
  });
});
