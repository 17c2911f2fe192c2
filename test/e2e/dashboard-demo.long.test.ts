import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, settled, signedIn, skipWithoutChromium, USUAL_FORMS } from '../support/chromium.ts';
import { demoComplete } from '../support/demo.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

/** What the first visitor finds on each page. */
const PAGES = [
  ['/', 'blocked by tests'],
  ['/web/promotions', 'demo-support'],
  ['/web/calendar', 'Quarter close'],
  ['/web/delivery', 'demo-support'],
  ['/web/audit', 'demo-shop'],
] as const;

describe.skipIf(skipWithoutChromium())('the first visit of dev', () => {
  let runtime: Runtime;
  let browser: Browser;
  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime({ SLUICE_DEMO: 'on' }), launchChromium()]);
    await demoComplete(runtime);
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  it.each(USUAL_FORMS)('finds something on every page, $width wide and $scheme', async (form) => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com', form);
    for (const [path, text] of PAGES) {
      await page.goto(`${runtime.url}${path}`);
      await settled(page);
      await page.getByRole('main').getByText(text).first().waitFor();
      expect(await page.locator('.void').count(), path).toBe(0);
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});
