import type { Page } from 'playwright-core';
import { until } from '../support/api.ts';
import { launchChromium, settled, signedIn } from '../support/chromium.ts';
import { bigTenant, PROMOTIONS, SUBJECTS } from './big-tenant.ts';
import { printTable, quantile } from './print.ts';

/** First views, and filters, that are measured. */
const TIMES = 5;
/** The page asks every 15 s: so often in an hour. */
const EVERY = 15;
const POLLS = 3_600 / EVERY;

/**
 * The first page of a tenant of 1,000 subjects in 5 environments with 10,000 promotions, in a real browser: the first view, the filter,
 * the search of the browser, and what the page holds in memory after an hour of watching, in which its clock runs ahead of ours.
 */
export async function benchDashboard(): Promise<void> {
  const [{ runtime, stop }, browser] = await Promise.all([bigTenant(), launchChromium()]);
  try {
    const { page, context } = await signedIn(browser, runtime.url, 'dev@acme.com');
    const first = await firstViews(page, runtime.url);
    const filter = await filters(page);
    const found = await searches(page);
    await context.close();
    const watching = await signedIn(browser, runtime.url, 'dev@acme.com');
    const memory = await watch(watching.page, runtime.url);
    printTable(`The dashboard of ${SUBJECTS} subjects and ${PROMOTIONS} promotions`, [
      ['', 'measured', 'goal'],
      [`first view, ms (median of ${TIMES})`, quantile(first.times, 0.5), 1_000],
      ['requests of the first view', first.requests, 5],
      ['KB that came over the line', first.bytes / 1024, '-'],
      [`filter, ms (median of ${TIMES})`, quantile(filter, 0.5), 100],
      ['rows in the document', found.rows, SUBJECTS],
      ['found by the search of the browser', found.found, 'yes'],
      ['MB of the page after the first view', memory.first, '-'],
      [`MB after an hour of watching (${memory.polls} answers)`, memory.last, '-'],
    ]);
    await watching.context.close();
  } finally {
    await browser.close();
    await stop();
  }
}

const LAST = `payments-service-${String(SUBJECTS - 1).padStart(4, '0')}`;

/** From the navigation to the painted matrix, with an empty cache each time. */
async function firstViews(page: Page, url: string) {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await page.addInitScript(NOTE);
  const times: number[] = [];
  let requests = 0;
  let bytes = 0;
  page.on('request', () => {
    requests += 1;
  });
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  for (let time = 0; time < TIMES; time += 1) {
    requests = 0;
    bytes = 0;
    await page.goto(url);
    const painted = await until(
      () => page.evaluate(PAINTED),
      (at) => at !== undefined,
    );
    times.push(Number(painted));
    await whole(page);
  }
  return { times, requests, bytes };
}

/** Notes when the first row of the matrix stands in the document and is painted: whoever looks from outside for it takes time from the page. */
const NOTE = `new MutationObserver((_, observer) => {
  if (document.querySelector('[data-row]') === null) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { globalThis.painted = performance.now(); }));
}).observe(document, { childList: true, subtree: true });`;

/** Milliseconds from the navigation to then. */
const PAINTED = 'globalThis.painted';

/** Every subject has its row. */
const whole = (page: Page) =>
  until(
    () => page.evaluate(`document.querySelectorAll('[data-row]').length`),
    (rows) => Number(rows) >= SUBJECTS,
  );

/** From a change of the filter to the painted rows. */
async function filters(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (let time = 0; time < TIMES; time += 1) {
    times.push(Number(await page.evaluate(typed(LAST.slice(0, -time) || LAST))));
    await page.evaluate(typed(''));
  }
  return times;
}

const typed = (text: string): string => `(async () => {
  const field = document.querySelector('input[type=search]');
  const begun = performance.now();
  field.value = ${JSON.stringify(text)};
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - begun;
})()`;

/** Whether the browser's own search would find every subject: all rows are in the document, and the last one is found. */
async function searches(page: Page) {
  await whole(page);
  const rows = Number(await page.evaluate(`document.querySelectorAll('[data-row]').length`));
  const found = await page.evaluate(`window.find(${JSON.stringify(LAST)})`);
  return { rows, found: found === true ? 'yes' : 'no' };
}

/** What the page holds after its first view, and after an hour of looking every 15 seconds. */
async function watch(page: Page, url: string) {
  const session = await page.context().newCDPSession(page);
  await page.clock.install();
  await page.goto(url);
  await page.getByText(/subjects? moving/).waitFor();
  await settled(page);
  const first = await megabytes(session);
  let polls = 0;
  for (let poll = 0; poll < POLLS; poll += 1) {
    const answered = page.waitForResponse((response) => response.url().includes('/overview/'));
    await page.clock.runFor(EVERY * 1_000);
    await (await answered).finished();
    polls += 1;
  }
  return { first, last: await megabytes(session), polls };
}

async function megabytes(session: Awaited<ReturnType<ReturnType<Page['context']>['newCDPSession']>>) {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize / 1024 ** 2;
}
