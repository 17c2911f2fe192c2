import { describe, expect, it } from 'vitest';
import { html } from '../../functions/domain/html.ts';
import { createWorld, type World } from './api-world.ts';
import { browser } from './browser.ts';
import { mailed, signedIn } from './links-world.ts';

const HOSTILE = `"><script>alert(1)</script><img src=x onerror='x'>&\u202e\nhttps://evil.example/approvals/x`;

/** A promotion of configuration whose every text that a caller chooses is hostile. */
async function hostileRequest(world: World, keys = 1): Promise<string> {
  const dev = world.as('dev');
  const put = Array.from({ length: keys }, (_, n) => ({
    kind: 'config',
    key: `key-${String(n).padStart(3, '0')}`,
    value: HOSTILE,
  }));
  const staging = '/api/v1/config/environments/staging';
  expect((await dev('POST', `${staging}/batch`, { put })).status).toBe(200);
  const made = await dev('POST', '/api/v1/config/promotions', {
    targetEnvironment: 'production',
    promotionType: 'FULL',
    notes: HOSTILE,
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

/** Markup that a hostile text may have made: every element and attribute of ours is known. */
const foreign = (markup: string): readonly string[] =>
  [...markup.replaceAll(/"[^"]*"/g, '""').matchAll(/<[a-z!/][^>]*>/gi)]
    .map(([tag]) => tag)
    .filter((tag) => /script|img|onerror|evil/i.test(tag));

describe('hostile texts', () => {
  it('are shown as texts by the page, the mail and the page after the decision', async () => {
    const world = await createWorld();
    const id = await hostileRequest(world);
    const { mail, link } = await mailed(world, id);
    const own = await signedIn(world, 'alice');
    const shown = await own.get(link);
    const wrong = await own.decide(link, 'reject', '');
    const kept = await own.decide(link, 'no such decision', HOSTILE);
    const done = await own.decide(link, 'reject', HOSTILE);
    expect(shown.body).toContain('&#60;script&#62;');
    expect(kept.status).toBe(400);
    for (const text of [shown.body, wrong.body, done.body, mail.html]) {
      expect(foreign(String(text))).toEqual([]);
      expect(text).not.toContain('\u202e');
    }
    expect(done.status).toBe(200);
  });

  it('make no line and no header of a mail', async () => {
    const world = await createWorld();
    const { mail } = await mailed(world, await hostileRequest(world));
    expect(mail.subject).toBe('key-000: staging → production');
    const lines = mail.text.split('\n').filter((line) => line.includes('evil.example'));
    for (const line of lines) expect(line).toMatch(/^ {2}\S/);
    expect(mail.text.split('\n').filter((line) => line.startsWith('https://'))).toEqual([]);
  });

  it('stand in the subject as the first key that changes, with the number of the others', async () => {
    const world = await createWorld();
    const { mail } = await mailed(world, await hostileRequest(world, 12));
    expect(mail.subject).toBe('key-000 and 11 more: staging → production');
  });

  it('come back in the form when something is missing', async () => {
    const world = await createWorld();
    await world.as('admin')('POST', '/api/v1/approval-policies', {
      name: 'c',
      environments: ['production'],
      separation_of_duties: { requester: true },
      require_comment: true,
    });
    const { link } = await mailed(world, await hostileRequest(world));
    const page = await browser(world).post(link, { decision: 'approve', comment: '</textarea><b>' });
    expect(page.status).toBe(401);
    expect(page.body).not.toContain('</textarea><b>');
  });

  it('are escaped by whatever a template is made of', () => {
    const shown = html`<p title="${HOSTILE}">${[HOSTILE, html`<b>${1}</b>`, undefined]}</p>`.toString();
    expect(foreign(shown)).toEqual([]);
    expect(shown).toContain('<b>1</b>');
  });
});

describe('a change set of many', () => {
  it('is named in part by the mail and paged through on the page', async () => {
    const world = await createWorld();
    const { mail, link } = await mailed(world, await hostileRequest(world, 45));
    expect(mail.text.match(/key-\d{3}/g)).toHaveLength(10);
    expect(mail.text).toContain('The page shows more');
    const seen = new Set<string>();
    let path: string | undefined = link;
    let pages = 0;
    while (path !== undefined) {
      const page = await browser(world).get(path);
      expect(page.status).toBe(200);
      for (const [key] of String(page.body).matchAll(/key-\d{3}/g)) seen.add(key);
      path = /href="(\/approvals\/[^"]+\?after=[^"]+)"/.exec(String(page.body))?.[1];
      pages += 1;
    }
    expect(seen.size).toBe(45);
    expect(pages).toBe(3);
  });

  it('is shown from any place that somebody makes up', async () => {
    const world = await createWorld();
    const { link } = await mailed(world, await hostileRequest(world));
    for (const after of ['zz', '%00', 'AAAA', '____', 'x'.repeat(2000)]) {
      expect((await browser(world).get(`${link}?after=${after}`)).status).toBe(200);
    }
  });
});
