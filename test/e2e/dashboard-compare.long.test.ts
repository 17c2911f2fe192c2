import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { seriousOn } from '../support/axe.ts';
import { launchChromium, signedIn, skipWithoutChromium } from '../support/chromium.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

describe.skipIf(skipWithoutChromium())('two environments that once agreed, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;

  const made = async (answer: ReturnType<Api['get']>) => {
    const { status, body } = await answer;
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    return body;
  };

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    const [dev, admin] = await Promise.all(
      ['dev@acme.com', 'admin@acme.com'].map(
        async (email) => new Api(runtime.url, await runtime.token(email)),
      ),
    );
    if (dev === undefined || admin === undefined) throw new Error('nobody is there');
    const put = (environment: string, key: string, value: unknown) =>
      made(dev.put(`/api/v1/config/environments/${environment}/configs/${key}`, { value }));
    for (const key of ['pool.both', 'pool.ours', 'replicas']) await put('development', key, `${key} agreed`);
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
      (await row(key).getByRole('cell').allInnerTexts())
        .slice(1)
        .map((text) => text.split('\n').at(-1)?.trim());
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
});
