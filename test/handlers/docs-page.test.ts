import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../functions/contract/all.ts';
import { TAGS } from '../../functions/contract/openapi-words.ts';
import { createWorld, type World } from './api-world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
const get = (path: string) => world.send({ method: 'GET', path });
const groups = Object.keys(TAGS).map((tag) => tag.replaceAll(' ', '-'));

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
