import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { seriousOn } from '../support/axe.ts';
import { launchChromium, signedIn, skipWithoutChromium, USUAL_FORMS } from '../support/chromium.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type RollbackScene, setRollbackScene } from '../support/rollback-scene.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

describe.skipIf(skipWithoutChromium())('rolling back in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;
  let dev: Api;
  let scene: RollbackScene;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    scene = await setRollbackScene(runtime);
  });
  afterAll(async () => {
    await browser?.close();
    if (runtime !== undefined) await stopReplayed(runtime);
  });

  it.each(USUAL_FORMS)(
    'shows the impact of every kind without a serious finding of axe at $width',
    async (form) => {
      const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com', form);
      for (const kind of ['config', 'agent', 'artifact'] as const) {
        await page.goto(`${runtime.url}/web/promotions/${scene[kind]}/rollback`);
        await page.locator('.verd').waitFor();
        expect(await seriousOn(page), kind).toEqual([]);
      }
      await page.goto(`${runtime.url}/web/settings/artifacts`);
      await page.getByRole('button', { name: /^Versions and consumers/ }).click();
      await page.getByText('Updates').first().waitFor();
      await page.getByRole('button', { name: 'Lifecycle of v1.4.1' }).click();
      await page.getByLabel('End of life at').waitFor();
      expect(await seriousOn(page), 'artifacts').toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('chooses a revision of an artifact by the keyboard, says whom it breaks, and goes back to it', async () => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com');
    await page.goto(`${runtime.url}/web/promotions/${scene.artifact}/rollback`);
    await page.getByRole('radio', { name: /^1\.4\.2/, checked: true }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: /^1\.4\.1/, checked: true }).waitFor();
    await page.getByText('later_promotions_undone').waitFor();
    await page.getByText('^1.5.0 does not take the version').waitFor();
    const button = page.getByRole('button', { name: 'Roll back to 1.4.1' });
    await page.getByLabel('Reason, goes into the record').fill('errors rise');
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    await page.getByRole('checkbox', { name: /take the risk/ }).check();
    await button.click();
    await page.waitForURL(/\/web\/promotions\/[^/]+$/);
    const id = new URL(page.url()).pathname.split('/').at(-1);
    const { body } = await until(
      () => dev.get(`/api/v1/promotions/${id}`),
      (answer) => answer.body.status === 'completed',
    );
    expect(body).toMatchObject({ type: 'rollback', artifact_version: 'v1.4.1' });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('sets the lifecycle of a version, which then says what to use instead', async () => {
    const { page, context } = await signedIn(browser, runtime.url, 'admin@acme.com');
    await page.goto(`${runtime.url}/web/settings/artifacts`);
    await page.getByRole('button', { name: /^Versions and consumers/ }).click();
    const versions = page.getByRole('region', { name: 'Versions of platform' });
    await versions.getByRole('button', { name: 'Lifecycle of v1.4.2' }).click();
    await versions.getByLabel('End of life at').fill('2026-01-01T09:00');
    await versions.getByLabel('Use instead').fill('v9.9.9');
    await versions.getByRole('button', { name: 'Save the lifecycle' }).click();
    await versions.getByRole('alert').waitFor();
    await versions.getByLabel('Use instead').fill('v1.5.0');
    await versions.getByRole('button', { name: 'Save the lifecycle' }).click();
    await versions.getByText('Use v1.5.0 instead').waitFor();
    const { body } = await dev.get('/api/v1/artifacts/platform/versions/v1.4.2');
    expect(body.lifecycle).toMatchObject({ status: 'eol', deprecated_at: null, replacement: 'v1.5.0' });
    const consumers = page.getByRole('region', { name: 'Consumers of platform' });
    const row = (name: string) => consumers.getByRole('listitem').filter({ hasText: name });
    await row('billing').getByText('Updates it takes: v1.6.0 (minor)').waitFor();
    await row('exports').getByText('Unsatisfied').waitFor();
    await row('reports').getByText('Satisfied', { exact: true }).waitFor();
    await context.close();
  });
});
