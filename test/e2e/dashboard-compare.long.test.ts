import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { seriousOn } from '../support/axe.ts';
import { launchChromium, signedIn, skipWithoutChromium, USUAL_FORMS } from '../support/chromium.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

describe.skipIf(skipWithoutChromium())('two environments that once agreed, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;
  let dev: Api;
  let admin: Api;

  const made = async (answer: ReturnType<Api['get']>) => {
    const { status, body } = await answer;
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    return body;
  };

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    const put = (environment: string, key: string, value: unknown) =>
      made(dev.put(`/api/v1/config/environments/${environment}/configs/${key}`, { value }));
    for (const key of ['pool.both', 'pool.ours', 'pool.same', 'replicas'])
      await put('development', key, `${key} agreed`);
    const full = { sourceEnvironment: 'development', targetEnvironment: 'staging', promotionType: 'FULL' };
    const { id } = await made(dev.post('/api/v1/config/promotions', full));
    await made(dev.post(`/api/v1/config/promotions/${id}/execute`));
    await until(
      async () => (await dev.get(`/api/v1/config/promotions/${id}`)).body.status,
      (status) => status === 'completed',
    );
    const owning = { owned_keys: ['replicas'], reason: 'staging is smaller' };
    await made(admin.patch('/api/v1/environments/staging', owning));
    for (const key of ['pool.both', 'pool.ours']) await put('development', key, `${key} of development`);
    const flag = { enabled: true, variants: { on: true, off: false }, defaultVariant: 'off' };
    const flags = (environment: string) => `/api/v1/config/environments/${environment}/flags/bulk-export`;
    await made(dev.put(flags('staging'), flag));
    const split = [
      { variant: 'on', weight: 20 },
      { variant: 'off', weight: 80 },
    ];
    await made(dev.put(flags('development'), { ...flag, targeting: { otherwise: { split } } }));
    for (const key of ['pool.both', 'replicas']) await put('staging', key, `${key} of staging`);
  });
  afterAll(async () => {
    await browser?.close();
    if (runtime !== undefined) await stopReplayed(runtime);
  });

  it('shows what each holds beside what both agreed on, who changed it, and what belongs to the target', async () => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com');
    await page.goto(`${runtime.url}/web/compare/development/staging`);
    await page.getByRole('columnheader', { name: /last agreed/ }).waitFor();
    const row = (key: string) => page.getByRole('row').filter({ hasText: key });
    const values = async (key: string) =>
      (await row(key).getByRole('cell').allInnerTexts()).slice(1).map((text) =>
        text
          .split('\n')
          .findLast((line) => !/^(Edit .*)?$/.test(line.trim()))
          ?.trim(),
      );
    expect(await values('pool.both')).toEqual([
      ...['pool.both of development', 'pool.both agreed', 'pool.both of staging'],
    ]);
    expect(await row('pool.both').innerText()).toContain('changed in both');
    expect(await row('pool.ours').innerText()).toContain('changed in development');
    expect(await values('replicas')).toEqual([
      ...['replicas agreed', 'replicas agreed', 'replicas of staging'],
    ]);
    expect(await row('replicas').innerText()).toContain('owned by target');
    expect(await row('replicas').getByRole('checkbox').count()).toBe(0);
    expect(await row('bulk-export').locator('.sw').allInnerTexts()).toEqual([
      'on for 20 %',
      'off for everyone',
    ]);
    const members = row('bulk-export').locator('details').first();
    expect(await members.locator('pre').isVisible()).toBe(false);
    await members.locator('summary').click();
    expect(await members.locator('pre').innerText()).toContain('"weight": 20');
    expect(await seriousOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows what is chosen only, the same keys too', async () => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com');
    await page.goto(`${runtime.url}/web/compare/development/staging`);
    const keys = () => page.locator('.cmp[data-row] .ky').allInnerTexts();
    const choose = (name: RegExp) => page.getByRole('button', { name }).click();
    await page.getByRole('button', { name: /^Different \d+$/, pressed: true }).waitFor();
    // Staging holds what the demo put there, too.
    expect((await keys()).length).toBeGreaterThan(4);
    await choose(/^Changed in development 1$/);
    expect(await keys()).toEqual(['pool.ours']);
    await choose(/^Changed in both/);
    expect(await keys()).toContain('pool.both');
    await choose(/^Owned by staging 1$/);
    expect(await keys()).toEqual(['replicas']);
    await choose(/^Flags \d+$/);
    expect(await keys()).toContain('bulk-export');
    expect(await keys()).not.toContain('pool.ours');
    await choose(/^Same 1$/);
    const same = page.getByRole('list', { name: /^The same/ }).getByRole('listitem');
    await same.first().waitFor();
    expect(await same.allInnerTexts()).toEqual([expect.stringContaining('pool.same')]);
    expect(await seriousOn(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each(USUAL_FORMS)(
    'edits a value in place by keys alone, and says who changed it meanwhile, at $width in $scheme',
    async (form) => {
      const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com', form);
      await page.goto(`${runtime.url}/web/compare/development/staging`);
      const edit = page.getByRole('button', { name: 'Edit pool.ours in development' });
      await edit.focus();
      await page.keyboard.press('Enter');
      const value = page.getByLabel('pool.ours in development, as text');
      await value.waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe('value');
      const theirs = `of the admin at ${form.width}`;
      const at = '/api/v1/config/environments/development/configs/pool.ours';
      await made(admin.put(at, { value: theirs, reason: 'load test' }));
      await value.fill('mine');
      await page.keyboard.press('Tab');
      await page.getByRole('button', { name: 'Save to development' }).press('Enter');
      const note = page.getByRole('alert').filter({ hasText: 'Nothing was saved' });
      await note.filter({ hasText: 'admin@acme.com changed pool.ours meanwhile' }).waitFor();
      expect(await note.innerText()).toContain('load test');
      expect(await note.innerText()).toContain(theirs);
      expect((await dev.get(at)).body.entry.value).toBe(theirs);
      expect(await seriousOn(page)).toEqual([]);
      await note.getByRole('button', { name: /^Keep what I wrote/ }).press('Enter');
      await page.getByRole('button', { name: 'Save to development' }).press('Enter');
      await page.getByRole('status').filter({ hasText: 'pool.ours was changed in development.' }).waitFor();
      expect((await dev.get(at)).body.entry.value).toBe('mine');
      await page
        .getByRole('row')
        .filter({ hasText: 'pool.ours' })
        .getByText('mine', { exact: true })
        .waitFor();
      expect(await page.evaluate('document.activeElement.id')).toBe(await edit.getAttribute('id'));
      // Deleted meanwhile: said too, and what was written can still be kept.
      await edit.press('Enter');
      await value.waitFor();
      await made(admin.delete(at));
      await value.fill('mine again');
      await page.getByRole('button', { name: 'Save to development' }).press('Enter');
      await note.filter({ hasText: 'admin@acme.com deleted pool.ours meanwhile' }).waitFor();
      await note.getByRole('button', { name: /^Keep what I wrote/ }).press('Enter');
      await page.getByRole('button', { name: 'Save to development' }).press('Enter');
      await page.getByRole('row').filter({ hasText: 'pool.ours' }).getByText('mine again').waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    },
  );
});
