import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import { launchChromium, signedIn, skipWithoutChromium } from '../support/chromium.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const PROOF = '**/web/api/v1/promotions/*/proof/**';
const WAY = '**/web/api/v1/audit/log/**';
const PROMOTION = { targetEnvironment: 'production', promotionType: 'FULL' };

describe.skipIf(skipWithoutChromium())('the transparency log, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;
  let dev: Api;
  let admin: Api;
  let id: string;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    const asked = await dev.post('/api/v1/config/promotions', PROMOTION);
    expect(asked.status).toBe(201);
    id = asked.body.id;
    await runtime.runSchedule('feed-log');
  });
  afterAll(async () => {
    await browser?.close();
    if (runtime !== undefined) await stopReplayed(runtime);
  });

  const open = async (email: string, path: string) => {
    const at = await signedIn(browser, runtime.url, email);
    await at.page.goto(`${runtime.url}/web/${path}`);
    return at;
  };
  const verify = async (page: Page, heading: string): Promise<string> => {
    await page.getByRole('button', { name: 'Verify the proof' }).click();
    await page.getByRole('heading', { name: heading }).waitFor();
    return (await page.locator('[aria-labelledby=logged] .steps').textContent()) ?? '';
  };
  /** Lets the page get other answers than the server gave. */
  const changed = (page: Page, where: string, change: (body: string) => string) =>
    page.route(where, async (route) => {
      const answer = await route.fetch();
      const body = await answer.text();
      const other = change(body);
      expect(other).not.toBe(body);
      await route.fulfill({ response: answer, body: other });
    });

  it('proves a promotion, and says no once a byte of the proof is another', async () => {
    const { page, context, complaints } = await open('dev@acme.com', `promotions/${id}`);
    const steps = await verify(page, 'The log proves it');
    expect(steps).toMatch(/^\d+ events follow one another.*Entry \d+ is in the log of \d+ entr.*signed/);
    const flips: readonly (readonly [(body: string) => string, string])[] = [
      [(body) => body.replace(/"at":"20\d/, '"at":"201'), 'has an event 2 that'],
      [(body) => body.replace(/"index":\d+/, '"index":9999'), 'is not in the log'],
      [(body) => flippedIn(body, 'path'), 'is not in the log'],
      // The last bytes of the signature, and the size that is signed.
      [(body) => flippedIn(body, 'signature'), 'the key did not sign'],
      [(body) => body.replace(/\\n(\d+)\\n/, '\\n1$1\\n'), 'the key did not sign'],
    ];
    for (const [flip, problem] of flips) {
      await changed(page, PROOF, flip);
      expect(await verify(page, 'The proof does not fit')).toContain(problem);
      await page.unroute(PROOF);
    }
    await verify(page, 'The log proves it');
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('holds what an auditor sees against what the browser saw before, and says no to another log', async () => {
    const { page, context } = await open('admin@acme.com', 'audit');
    await verify(page, 'The log proves it');
    for (const verb of ['lock', 'unlock'])
      await admin.post(`/api/v1/environments/staging/${verb}`, { reason: 'a drill' });
    await runtime.runSchedule('feed-log');
    await changed(page, WAY, (body) => flippedIn(body, 'path'));
    expect(await verify(page, 'The proof does not fit')).toContain('does not continue');
    await page.unroute(WAY);
    expect(await verify(page, 'The log proves it')).toMatch(/continues the checkpoint of \d+ entr/);
    // The key of another installation: the log as a whole was replaced.
    await page.evaluate(() => {
      for (const name of Object.keys(localStorage).filter((each) => each.startsWith('sluice-audit-key log')))
        localStorage.setItem(name, 'another');
    });
    expect(await verify(page, 'The proof does not fit')).toContain('Another key');
    await context.close();
  });

  it('is asked for a minute later while it has not reached a promotion', async () => {
    await runtime.runSchedule('feed-log');
    const { page, context } = await open('dev@acme.com', `promotions/${id}`);
    await page.route(PROOF, (route) =>
      route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          code: 'not_logged',
          title: 'Not logged yet',
          detail: 'the log has not reached it yet: try again in a minute',
        }),
      }),
    );
    await page.getByRole('button', { name: 'Verify the proof' }).click();
    await page.getByText('Try again in a minute').or(page.getByText('try again in a minute')).waitFor();
    await page.unroute(PROOF);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByRole('heading', { name: 'The log proves it' }).waitFor();
    await context.close();
  });
});

/** The answer with one bit of a hash of the path, or of the signature of the checkpoint, turned. */
function flippedIn(body: string, where: 'path' | 'signature'): string {
  const answer = JSON.parse(body);
  const flip = (base64: string) => {
    const bytes = Buffer.from(base64, 'base64');
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    return bytes.toString('base64');
  };
  if (where === 'path') answer.path = answer.path.map(flip);
  else answer.checkpoint = answer.checkpoint.replace(/\S+(?=\n$)/, flip);
  return JSON.stringify(answer);
}
