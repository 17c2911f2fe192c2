import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seriousOn } from '../support/axe.ts';
import {
  type AtBrowser,
  FORMS,
  launchChromium,
  settled,
  signedIn,
  skipWithoutChromium,
} from '../support/chromium.ts';
import { PAGES } from '../support/dashboard-pages.ts';
import { setScene } from '../support/dashboard-scene.ts';
import { stopReplayed } from '../support/replayed-runtime.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

/** More stops than any page has: whoever has not come round by then is caught in something. */
const MOST_STOPS = 1_000;

describe.skipIf(skipWithoutChromium())('the dashboard, by keyboard alone', () => {
  let runtime: Runtime;
  let browser: Browser;
  let promotion: string;
  let admin: AtBrowser;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
    ({ promotion } = await setScene(runtime));
    admin = await signedIn(browser, runtime.url, 'admin@acme.com');
  });
  afterAll(async () => {
    await browser?.close();
    if (runtime !== undefined) await stopReplayed(runtime);
  });

  it.each(PAGES)(
    'reaches all of %s with the tab key, shows where it is, and comes out again',
    async (path) => {
      const { page, context } = await signedIn(browser, runtime.url, 'admin@acme.com');
      await page.goto(runtime.url + path.replace('{promotion}', promotion));
      await settled(page);
      const { unmarked, missed, ended } = await walk(page);
      expect(ended).toBe(true);
      expect(unmarked).toEqual([]);
      expect(missed).toEqual([]);
      await context.close();
    },
  );

  it('skips to the content, opens the list of keys and closes it', async () => {
    const { page } = admin;
    await page.goto(`${runtime.url}/web/audit`);
    await settled(page);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('heading', { name: 'Keys' }).waitFor({ state: 'detached' });
  });

  it('moves through the matrix: one tab stop, rows and environments by letters and by arrows', async () => {
    const { page } = admin;
    await page.goto(runtime.url);
    await settled(page);
    expect(await page.locator('.mx [data-row] [tabindex="0"]').count()).toBe(1);
    await page.locator('.mx [data-row] [tabindex="0"]').focus();
    const steps: readonly (readonly [string, readonly [number, number]])[] = [
      ['j', [1, 0]],
      ['l', [1, 1]],
      ['ArrowRight', [1, 2]],
      ['h', [1, 1]],
      ['k', [0, 1]],
      ['ArrowUp', [0, 1]],
      ['ArrowDown', [1, 1]],
      ['End', [1, 3]],
      ['l', [1, 3]],
      ['Home', [1, 0]],
      ['ArrowLeft', [1, 0]],
    ];
    for (const [key, place] of steps) {
      await page.keyboard.press(key);
      expect(await page.evaluate(PLACE), key).toEqual(place);
    }
    expect(await page.locator('.mx [data-row] [tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/web\/subjects\//);
  });

  it.each(FORMS)(
    'searches from the head of a page by keys alone at $width in $scheme, and asks once for what it does not know',
    async (form) => {
      const { page, context, complaints } = await signedIn(browser, runtime.url, 'alice@acme.com', form);
      await page.goto(`${runtime.url}/web/audit`);
      await settled(page);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      await page.keyboard.press('/');
      const field = page.getByRole('combobox', { name: /^Search/ });
      expect(asked.filter((path) => path.includes('overview'))).toEqual([]);
      await page.keyboard.type('agent-2');
      await page.getByRole('option', { name: 'agent-207' }).waitFor();
      expect(asked.filter((path) => path.includes('overview'))).toHaveLength(1);
      expect(await seriousOn(page)).toEqual([]);
      await field.fill('');
      await page.keyboard.type('production');
      await page.getByRole('group', { name: 'Environments' }).waitFor();
      const first = await field.getAttribute('aria-activedescendant');
      await page.keyboard.press('ArrowDown');
      const second = await field.getAttribute('aria-activedescendant');
      expect(second).not.toBe(first);
      expect(await page.locator(`#${second}`).getAttribute('aria-selected')).toBe('true');
      await page.keyboard.press('ArrowUp');
      await page.keyboard.press('ArrowUp');
      expect(await page.getByRole('option').last().getAttribute('aria-selected')).toBe('true');
      await page.keyboard.press('Escape');
      expect(await page.getByRole('listbox').count()).toBe(0);
      expect(await field.inputValue()).toBe('');
      await page.keyboard.type(promotion.toLowerCase());
      await page.getByRole('option', { name: 'Configuration to production' }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(`**/web/promotions/${promotion}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(asked.filter((path) => path.includes('overview'))).toHaveLength(1);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('plans a freeze, with its choices made by keys', async () => {
    const { page } = admin;
    await page.goto(`${runtime.url}/web/environments/staging`);
    await settled(page);
    await tabTo(page, 'Plan a freeze');
    await page.keyboard.press('Enter');
    await tabTo(page, 'It comes');
    await page.keyboard.type('every day');
    await tabTo(page, 'Reason, everyone sees it');
    await page.keyboard.type('Nights');
    await tabTo(page, 'Discard');
    expect(await page.getByLabel('It comes', { exact: true }).inputValue()).toBe('daily');
    expect(await page.getByLabel('Reason, everyone sees it').inputValue()).toBe('Nights');
    await page.keyboard.press('Enter');
    await page.getByLabel('It comes', { exact: true }).waitFor({ state: 'detached' });
  });

  it('approves a promotion: one key leads to the decision, another one takes it', async () => {
    const { page, context } = await signedIn(browser, runtime.url, 'alice@acme.com');
    await page.goto(`${runtime.url}/web/promotions/${promotion}`);
    await page.getByRole('button', { name: /^Approve/, disabled: false }).waitFor();
    await page.keyboard.press('a');
    expect(await page.evaluate('document.activeElement.closest("#decision") !== null')).toBe(true);
    await tabTo(page, 'Approve');
    await page.keyboard.press('Enter');
    await page.locator('.said', { hasText: 'You approved' }).waitFor();
    await context.close();
  });
});

/** What is written in the cell of the matrix that has the focus: its row, and its place in it. */
const PLACE = `(() => {
  const cell = document.activeElement.closest('[role=cell], [role=rowheader]');
  if (cell === null) return undefined;
  const row = cell.closest('[data-row]');
  const cells = [...row.querySelectorAll('[role=cell], [role=rowheader]')];
  return [[...document.querySelectorAll('[data-row]')].indexOf(row), cells.indexOf(cell)];
})()`;

/** Presses the tab key until what has the focus is called so. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    const called = await page.evaluate(
      '(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()',
    );
    if (String(called).startsWith(name)) return;
  }
  throw new Error(`no stop is called ${name}`);
}

/**
 * Goes through a page with the tab key until it comes round. `missed` can be used by a pointer and has no stop; `unmarked` has one, and
 * does not show that it has the focus.
 */
async function walk(page: Page) {
  await page.evaluate(`globalThis.stops = new Set(); globalThis.last = null; globalThis.unmarked = [];`);
  let ended = false;
  for (let stop = 0; !ended && stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press('Tab');
    ended = Boolean(await page.evaluate(STOP));
  }
  const { unmarked, missed }: ReturnType<typeof JSON.parse> = await page.evaluate(LEFT);
  return { ended, unmarked, missed };
}

/** Notes what has the focus; says whether nothing has, or what had it before: the walk has come round. */
const STOP = `(() => {
  const here = document.activeElement;
  if (here === null || here === document.body) return true;
  // A control for a date has several stops of its own.
  if (here === last) return false;
  if (stops.has(here)) return true;
  last = here;
  stops.add(here);
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(here);
  const marked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  if (!marked) unmarked.push(here.outerHTML.slice(0, 120));
  return false;
})()`;

/** What the walk has not come by, of all that a pointer can press. A group of radio buttons is one stop. */
const LEFT = `(() => {
  const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"], [onclick]')];
  const pressed = all.filter((one) =>
    one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false, opacityProperty: false }) &&
    // The matrix is one stop, and is walked through by its own keys.
    !(one.tabIndex < 0 && one.closest('.mx [data-row]') !== null) &&
    !one.disabled && one.type !== 'hidden' && !(one.type === 'radio' && !one.checked));
  return { unmarked, missed: pressed.filter((one) => !stops.has(one)).map((one) => one.outerHTML.slice(0, 120)) };
})()`;
