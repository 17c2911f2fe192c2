import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import { launchChromium, signedIn, skipWithoutChromium } from '../support/chromium.ts';
import { inParallel } from '../support/in-parallel.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

/** More than are drawn at first and in one further part. */
const MANY = 180;
const names = Array.from({ length: MANY }, (_, n) => `agent-${String(n).padStart(4, '0')}`);

describe.skipIf(skipWithoutChromium())('the matrix of many subjects, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    await admin.post('/api/v1/gateways', { id: 'gw', environment: 'staging', driver: 'record' });
    await inParallel(names, 8, async (agent) => {
      const body = { id: `dep-${agent}`, agent_id: agent, gateway_id: 'gw', environment: 'staging' };
      const made = await dev.post('/api/v1/deployments', body);
      expect(made.status, JSON.stringify(made.body)).toBe(201);
    });
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  it('has each in the document for the browser’s own search, also after a filter was taken away', async () => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com');
    const last = page.getByRole('link', { name: names.at(-1) ?? '', exact: true });
    await last.waitFor({ state: 'attached' });
    expect(await page.locator('[data-row]').count()).toBe(MANY + 1);
    await page.getByRole('searchbox').fill('agent-0007');
    await last.waitFor({ state: 'detached' });
    expect(await page.locator('[data-row]').count()).toBe(1);
    await page.getByRole('searchbox').fill('');
    await last.waitFor({ state: 'attached' });
    for (const name of names)
      expect(await page.getByRole('link', { name, exact: true }).count(), name).toBe(1);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
