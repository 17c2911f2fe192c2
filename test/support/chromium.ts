import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { until } from './api.ts';
import { programPath, skipWithout } from './programs.ts';

/** `describe.skipIf(skipWithoutChromium())`. */
export const skipWithoutChromium = (): boolean => skipWithout('chromium');

/** How a page is looked at. */
export type Form = { readonly width: 390 | 1440; readonly scheme: 'light' | 'dark' };
export const FORMS: readonly Form[] = [
  { width: 1440, scheme: 'light' },
  { width: 1440, scheme: 'dark' },
  { width: 390, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

/** Both widths and both schemes, each once: the usual tests look at these. */
export const USUAL_FORMS: readonly Form[] = [
  { width: 1440, scheme: 'light' },
  { width: 390, scheme: 'dark' },
];

/** Milliseconds, for what never comes: a busy machine takes longer than the half minute that Playwright grants. */
const PATIENCE = 600_000;

/** A real browser without a window. */
export function launchChromium(): Promise<Browser> {
  const executablePath = programPath('chromium');
  if (executablePath === undefined) throw new Error('there is no chromium here: run .ci/judges');
  // Containers give a browser no sandbox of its own, and little shared memory.
  const args = ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'];
  return chromium.launch({ executablePath, args, timeout: PATIENCE });
}

/** Somebody at a browser of their own. */
export type AtBrowser = {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
};

/** Opens the dashboard for one of the demo people: signs in as people do, by the local issuer's page. */
export async function signedIn(
  browser: Browser,
  url: string,
  email: string,
  { width, scheme }: Form = { width: 1440, scheme: 'light' },
): Promise<AtBrowser> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content Security Policy|TrustedHTML|Trusted Types/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(url);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: email }).click();
  await page.getByRole('heading', { name: 'What runs where' }).waitFor();
  return { context, page, complaints };
}

/** Waits until a page shows what it is about: its heading, and nothing that is still being loaded. A page that watches is never idle. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await until(
    () => page.locator('[aria-busy=true]').count(),
    (loading) => loading === 0,
  );
}
