import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import { seriousOn } from '../support/axe.ts';
import { launchChromium, signedIn, skipWithoutChromium } from '../support/chromium.ts';
import { furnishLine, readyPromotions, scheduleAll } from '../support/due-together.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const HOUR = 3_600_000;
const freezes = '/api/v1/environments/staging/freezes';

/** A day some weeks ahead, and days after it: `2027-01-08`. */
const firstDay = Date.now() + 40 * 24 * HOUR;
const day = (after: number): string => new Date(firstDay + after * 24 * HOUR).toISOString().slice(0, 10);

describe.skipIf(skipWithoutChromium())('freezes, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;
  let admin: Api;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    await furnishLine(runtime);
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  });
  afterAll(async () => {
    await browser?.close();
    if (runtime !== undefined) await stopReplayed(runtime);
  });

  it('plans one that comes every week by the clock of its zone, with its next times before saving', async () => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com');
    await page.goto(`${runtime.url}/web/calendar`);
    await page.getByRole('button', { name: 'Plan a freeze' }).click();
    await page.getByText('What it will do is said here').waitFor();
    await page.getByLabel('Where').selectOption('staging');
    // Its clock is never set forward or back: nine hours ahead of UTC.
    await page.getByLabel('Time zone').fill('Asia/Tokyo');
    await page.getByLabel(/^From/).fill(`${day(0)}T18:00`);
    await page.getByLabel(/^To/).fill(`${day(3)}T08:00`);
    await page.getByLabel('It comes', { exact: true }).selectOption('weekly');
    await page.getByLabel(/^Until this day/).fill(day(21));
    await page
      .getByText(`again every week by the clock of Asia/Tokyo, the last time on ${day(21)}`)
      .waitFor();
    const times = page.getByRole('list', { name: 'The next times' }).getByRole('listitem');
    expect(await times.count()).toBe(4);
    expect(await times.last().textContent()).toContain(`${day(21)} 18:00 Asia/Tokyo`);
    await page.getByText(new RegExp(`^staging stays open now, until \\w+ ${day(0)} 09:00 UTC`)).waitFor();
    expect(await seriousOn(page)).toEqual([]);
    await page.getByLabel('Reason, everyone sees it').fill('Long weekends');
    await page.getByRole('button', { name: 'Plan the freeze' }).click();
    await page
      .getByText(new RegExp(`^The freeze is planned. staging is open now, until \\w+ ${day(0)} 09:00 UTC`))
      .waitFor();
    expect(await ofStaging('Long weekends')).toMatchObject({
      starts_at: `${day(0)}T09:00:00.000Z`,
      rrule: `FREQ=WEEKLY;UNTIL=${day(21).replaceAll('-', '')}`,
      timezone: 'Asia/Tokyo',
    });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('changes one to once, and says which scheduled promotions wait for its end', async () => {
    const [id = ''] = await readyPromotions(runtime, 'due', 1);
    const due = Date.now() + 30 * HOUR;
    await scheduleAll(runtime, [id], new Date(due).toISOString());
    await make('Fair', { starts_at: iso(100), ends_at: iso(124), rrule: 'FREQ=DAILY', timezone: 'UTC' });
    const { page, context, complaints } = await atStaging();
    await page.getByRole('button', { name: 'Change Fair' }).click();
    await page.getByText('It changes nothing for what is scheduled.').waitFor();
    await page.getByLabel('It comes', { exact: true }).selectOption('once');
    await page.getByLabel(/^From/).fill(new Date(due - HOUR).toISOString().slice(0, 16));
    await page.getByText('1 scheduled promotion will wait for its end').waitFor();
    await page.getByLabel('What is scheduled for a time at which it stops').selectOption('fail');
    await page.getByText('1 scheduled promotion will fail when they are due').waitFor();
    // What came again stops nothing after its first time any more.
    await page.getByText('This opens time that is frozen as things stand.').waitFor();
    await page.getByRole('button', { name: 'Save the change' }).click();
    await page.getByText('Fair is changed.').waitFor();
    expect(await ofStaging('Fair')).toMatchObject({ rrule: null, timezone: null, on_due: 'fail' });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('ends one that holds now, with a reason, after it said what that opens', async () => {
    await make('Incident', { starts_at: iso(-1), ends_at: iso(5) });
    const { page, context, complaints } = await atStaging();
    await page.getByText(/^Frozen now, until/).waitFor();
    await page.getByRole('button', { name: 'End Incident' }).click();
    const form = page.getByRole('form', { name: 'Incident' });
    await form.getByText(/^staging is open at once/).waitFor();
    await form.getByText('This opens time that is frozen as things stand.').waitFor();
    await form.getByRole('button', { name: 'End the freeze' }).click();
    // Without a reason nothing is sent: the control asks for it.
    expect(await form.getByLabel(/^Why it ends/).evaluate((one) => one.matches(':invalid'))).toBe(true);
    expect(await ofStaging('Incident')).toBeDefined();
    await form.getByLabel(/^Why it ends/).fill('all is well');
    await form.getByRole('button', { name: 'End the freeze' }).click();
    await page.getByText(/^Incident is ended\. staging is open now/).waitFor();
    expect(await ofStaging('Incident')).toBeUndefined();
    const { items } = (await admin.get('/api/v1/audit/changes?type=freeze&limit=1')).body;
    expect(items).toMatchObject([{ action: 'delete', reason: 'all is well' }]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('shows freezes to who may not change them, without a button', async () => {
    await make('Release', { starts_at: iso(300), ends_at: iso(301) });
    const { page, context } = await signedIn(browser, runtime.url, 'dev@acme.com', {
      width: 390,
      scheme: 'dark',
    });
    await page.goto(`${runtime.url}/web/environments/staging`);
    await page.getByText('Release').waitFor();
    expect(await page.getByRole('button', { name: /Release|Plan a freeze/ }).count()).toBe(0);
    await context.close();
  });

  const iso = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

  async function make(reason: string, times: object): Promise<void> {
    const made = await admin.post(freezes, { reason, ...times });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
  }

  async function atStaging(): Promise<Awaited<ReturnType<typeof signedIn>>> {
    const at = await signedIn(browser, runtime.url, 'admin@acme.com');
    await at.page.goto(`${runtime.url}/web/environments/staging`);
    return at;
  }

  async function ofStaging(reason: string): Promise<object | undefined> {
    const { items } = (await admin.get(freezes)).body;
    return items.find((one: { reason: string }) => one.reason === reason);
  }
});
