import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { seriousOn } from '../support/axe.ts';
import {
  FORMS,
  type Form,
  launchChromium,
  settled,
  signedIn,
  skipWithoutChromium,
  USUAL_FORMS,
} from '../support/chromium.ts';
import { PAGES } from '../support/dashboard-pages.ts';
import { setScene } from '../support/dashboard-scene.ts';
import { AT_LENGTH } from '../support/length.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

/** Keys that dev changes in staging, and picks. */
const KEYS = ['web.first', 'web.second', 'web.third'];

describe.skipIf(skipWithoutChromium())('the dashboard, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;
  let dev: Api;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const put = KEYS.map((key) => ({ kind: 'config', key, value: `${key} ${'x'.repeat(200)} one` }));
    await dev.post('/api/v1/config/environments/staging/batch', { put });
  });
  afterAll(async () => {
    await browser?.close();
    if (runtime !== undefined) await stopReplayed(runtime);
  });

  const open = (email: string) => signedIn(browser, runtime.url, email);

  it('takes three picked keys through approval to production, and back, without a page being loaded again', async () => {
    const atDev = await open('dev@acme.com');
    const { page } = atDev;
    await page.getByRole('link', { name: 'Compare and promote' }).click();
    for (const key of KEYS) await page.getByRole('checkbox', { name: `Promote ${key}`, exact: true }).check();
    await page.getByRole('checkbox', { name: 'Execute as soon as nothing is missing' }).check();
    await page.getByRole('button', { name: 'Promote 3 keys' }).click();
    await page.getByRole('heading', { name: 'Move 3 keys of the configuration' }).waitFor();
    await page.getByText('You cannot decide here').filter({ hasText: 'another person decides' }).waitFor();
    // Gone when the page is loaded again.
    await page.evaluate(() => Object.assign(globalThis, { stayed: true }));
    const path = new URL(page.url()).pathname;

    const atAlice = await open('alice@acme.com');
    await atAlice.page.getByRole('link', { name: /^Review/ }).click();
    await atAlice.page.getByRole('cell', { name: 'web.first added' }).waitFor();
    await atAlice.page.getByText('Approving executes at once').waitFor();
    await atAlice.page.getByRole('button', { name: 'Approve and execute' }).click();
    for (const { page: each } of [atAlice, atDev])
      await each.getByText('It runs in production.').first().waitFor();
    expect(await page.evaluate(() => 'stayed' in globalThis)).toBe(true);
    expect(await valueIn('production', 'web.first')).toContain('one');

    // Back: the impact is shown before the button works, and another person approves.
    await atAlice.page.goto(`${runtime.url}${path}/rollback`);
    await atAlice.page.getByText('SAFE: nothing is known that speaks against it').waitFor();
    const button = atAlice.page.getByRole('button', { name: 'Roll back 3 keys' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await atAlice.page.getByLabel('Reason, goes into the record').fill('too slow');
    await button.click();
    await atAlice.page.getByRole('heading', { name: /Roll back 3 keys/ }).waitFor();
    const atBob = await open('bob@acme.com');
    await atBob.page.goto(atAlice.page.url());
    await atBob.page.getByRole('button', { name: 'Approve and execute' }).click();
    await atAlice.page.getByText('It runs in production.').first().waitFor();
    await atDev.page.getByText('Rolled back.').first().waitFor();
    expect(await valueIn('production', 'web.first')).toBeUndefined();
    for (const at of [atDev, atAlice, atBob]) {
      expect(at.complaints).toEqual([]);
      await at.context.close();
    }
  });

  it('lets two people decide at once: one decision counts, the other person is told', async () => {
    const asked = { targetEnvironment: 'production', promotionType: 'SELECTIVE', configIds: [KEYS[0]] };
    const { id } = (await dev.post('/api/v1/config/promotions', asked)).body;
    const both = await Promise.all([open('alice@acme.com'), open('bob@acme.com')]);
    for (const { page } of both) await page.goto(`${runtime.url}/web/promotions/${id}`);
    const [alice, bob] = both;
    await bob.page.getByLabel(/^Comment/).fill('not this one');
    // Neither decision arrives before the other has left: a page that already shows another decision has no button any more.
    const left = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    for (const [at, { page }] of both.entries())
      await page.route(/\/(?:approve|reject)\/~$/, async (route) => {
        left[at]?.resolve();
        await Promise.all(left.map(({ promise }) => promise));
        await route.continue();
      });
    await Promise.all([
      alice.page.getByRole('button', { name: 'Approve', exact: true }).click(),
      bob.page.getByRole('button', { name: 'Reject' }).click(),
    ]);
    // Each is told what came of their own decision: that it counts, or why it does not.
    await Promise.all(both.map(({ page }) => page.locator('.said, .note.stop').first().waitFor()));
    const { status } = (await dev.get(`/api/v1/promotions/${id}`)).body;
    expect(['approved', 'rejected']).toContain(status);
    for (const { page, context, complaints } of both) {
      await page
        .getByText(status === 'approved' ? 'Approved.' : 'Rejected.')
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  it('says what each gate of an environment said of the promotions of the last 30 days', async () => {
    const { page, context, complaints } = await open('dev@acme.com');
    await page.goto(`${runtime.url}/web/environments/production`);
    const gate = (name: string) => page.getByRole('row').filter({ hasText: name });
    await gate('policy_compliance')
      .getByText(/^(Last 30 days: )?[1-9]\d* passed/)
      .waitFor();
    await gate('security_scan').getByText('not asked').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('verifies the record in the browser, and says no once a byte is another', async () => {
    const { page, context } = await open('admin@acme.com');
    await page.goto(`${runtime.url}/web/audit`);
    await page.getByRole('button', { name: 'Verify', exact: true }).click();
    await page.getByRole('heading', { name: 'Verified in this browser' }).waitFor();
    let flipped = false;
    await page.route('**/web/api/v1/audit/export/**', async (route) => {
      const answer = await route.fetch();
      const text = await answer.text();
      // The year of the first instant that is on the page, in the midst of an item.
      const changed = text.replace(/"at":"20\d/, '"at":"201');
      flipped ||= changed !== text;
      await route.fulfill({ response: answer, body: changed });
    });
    await page.getByRole('button', { name: 'Verify again' }).click();
    await page.getByRole('heading', { name: 'The record does not fit' }).waitFor();
    expect(flipped).toBe(true);
    expect(await page.locator('.steps').textContent()).toContain('is not what was recorded');
    await page.unroute('**/web/api/v1/audit/export/**');
    await page.getByRole('button', { name: 'Verify again' }).click();
    await page.getByRole('heading', { name: 'Verified in this browser' }).waitFor();
    await context.close();
  });

  it('leads by keys from page to page, and never while somebody writes', async () => {
    const { page, context } = await open('dev@acme.com');
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.getByRole('heading', { name: /^Compare/ }).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('f');
    await page.getByRole('heading', { name: 'What runs where' }).waitFor();
    await page.getByRole('searchbox').waitFor();
    await page.keyboard.press('f');
    await page.keyboard.type('gp');
    expect(new URL(page.url()).pathname).toBe('/');
    expect(await page.getByRole('searchbox').inputValue()).toBe('gp');
    await context.close();
  });

  it('finds each of a thousand subjects by the search of the browser and by its filter, in five requests', async () => {
    const { page, context } = await open('dev@acme.com');
    const { body } = await dev.get('/api/v1/overview');
    const active = body.subjects[0].active[0];
    const subjects = Array.from({ length: 1_000 }, (_, at) => ({
      kind: 'agent',
      name: `subject-${String(at).padStart(4, '0')}`,
      active: ['development', 'staging', 'production'].map((environment) => ({ ...active, environment })),
    }));
    // Open promotions of other subjects would be counted too.
    const overview = { ...body, subjects, promotions: [], waiting: [] };
    await page.route('**/web/api/v1/overview/**', (route) => route.fulfill({ json: overview }));
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(runtime.url);
    await page.getByText('All 1,000 subjects').waitFor();
    expect(asked.filter((path) => !path.endsWith('.svg'))).toHaveLength(5);
    // What is folded away is in the page, so that Ctrl-F finds it and unfolds it.
    const last = page.getByText('subject-0999');
    await last.waitFor({ state: 'attached' });
    expect(await last.count()).toBe(1);
    expect(await last.isVisible()).toBe(false);
    await page.getByRole('searchbox').fill('subject-0999');
    await page.getByText('1 of 1,000 subjects').waitFor();
    expect(await last.isVisible()).toBe(true);
    await context.close();
  });

  it('asks again where the server was busy: who is signed in, and all that a page shows', async () => {
    const asked = { targetEnvironment: 'production', promotionType: 'SELECTIVE', configIds: [KEYS[1]] };
    const { id } = (await dev.post('/api/v1/config/promotions', asked)).body;
    const { page, context } = await open('alice@acme.com');
    const refused = new Set<string>();
    await page.route('**/web/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (route.request().method() !== 'GET') return route.fallback();
      const isData = pathname === '/web/session' || pathname.startsWith('/web/api/');
      if (!isData || refused.has(pathname)) return route.fallback();
      refused.add(pathname);
      await route.fulfill({ status: 503, json: { message: 'Service Unavailable' } });
    });
    await page.goto(`${runtime.url}/web/promotions/${id}`);
    await page.getByRole('button', { name: 'Approve', exact: true, disabled: false }).waitFor();
    expect(
      [...refused].filter((path) => path === '/web/session' || path.includes('/approvals')),
    ).toHaveLength(2);
    await page.getByLabel(/^Comment/).fill('not needed any more');
    await page.getByRole('button', { name: 'Reject', disabled: false }).click();
    await page.getByText('You rejected it.').last().waitFor();
    await context.close();
  });

  it('says what runs unrecorded, and who saw it', async () => {
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    const seen = { image_tag: 'v9', observed_at: new Date().toISOString() };
    const put = await admin.put('/api/v1/observations/staging/artifact/shop', seen);
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    const { page, context, complaints } = await open('dev@acme.com');
    await page.getByRole('link', { name: 'Delivery' }).click();
    await page.getByRole('link', { name: 'Drift' }).click();
    const shop = page.getByRole('region', { name: 'Drift of shop' });
    await shop.getByText('Runs v9, which nobody recorded').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('has no serious finding of axe on any page, in light and dark, wide and narrow', async () => {
    const { promotion } = await setScene(runtime);
    for (const form of AT_LENGTH ? FORMS : USUAL_FORMS) {
      const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com', form);
      for (const path of pagesIn(form)) {
        await page.goto(runtime.url + path.replace('{promotion}', promotion));
        await settled(page);
        expect(await seriousOn(page), `${path} ${form.width} ${form.scheme}`).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  it('has no serious finding of axe on the page of an approval link and in the local inbox', async () => {
    const link = await until(linkForAlice, (found) => found !== undefined);
    for (const form of USUAL_FORMS) {
      const { page, context, complaints } = await signedIn(browser, runtime.url, 'alice@acme.com', form);
      for (const path of [link, '/_local/inbox']) {
        await page.goto(`${runtime.url}${path}`);
        expect(await seriousOn(page), `${path} ${form.width}`).toEqual([]);
      }
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  /** The pages that are looked at in a form: each in one of the two usual forms in turn, in the long tests all in all. */
  function pagesIn(form: Form): readonly string[] {
    return AT_LENGTH ? PAGES : PAGES.filter((_, at) => at % 2 === USUAL_FORMS.indexOf(form));
  }

  /** The path of a link in a mail to alice, once there is one. */
  async function linkForAlice(): Promise<string | undefined> {
    const { items } = JSON.parse(await (await fetch(`${runtime.url}/_local/mail`)).text());
    const texts = items
      .filter(({ to }: { to: string[] }) => to.includes('alice@acme.com'))
      .map(({ text }: { text: string }) => /\/approvals\/[\w-]{43}/.exec(text)?.[0]);
    return texts.findLast((found: string | undefined) => found !== undefined);
  }

  async function valueIn(environment: string, key: string): Promise<string | undefined> {
    const { body } = await dev.get(`/api/v1/config/environments/${environment}/configs/${key}`);
    return body.entry?.value;
  }
});
