/** `npm run pictures`: every page of the dashboard in each of its forms into `pictures/`, and the two of the README into `docs/pictures`. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FORMS, launchChromium, settled, signedIn } from '../support/chromium.ts';
import { PAGES } from '../support/dashboard-pages.ts';
import { setScene } from '../support/dashboard-scene.ts';
import { demoComplete } from '../support/demo.ts';
import { startRuntime } from '../support/runtime.ts';

/** Pages of the scene that the README shows, by the names of their pictures there. */
const SHOWN: { readonly [path: string]: string } = { '/web/promotions/{promotion}': 'promotion' };

const root = join(import.meta.dirname, '../..');
const everything = join(root, 'pictures');
const shown = join(root, 'docs/pictures');

await rm(everything, { recursive: true, force: true });
await Promise.all([everything, shown].map((folder) => mkdir(folder, { recursive: true })));
const [runtime, browser] = await Promise.all([startRuntime(), launchChromium()]);
try {
  const { promotion } = await setScene(runtime);
  for (const form of FORMS) {
    const [alice, admin] = await Promise.all(
      ['alice@acme.com', 'admin@acme.com'].map((email) => signedIn(browser, runtime.url, email, form)),
    );
    if (alice === undefined || admin === undefined) throw new Error('nobody is signed in');
    for (const path of PAGES) {
      // What waits is shown to who may decide, everything else to who may change it.
      const { page } = path === '/' || path.startsWith('/web/promotions') ? alice : admin;
      await page.goto(`${runtime.url}${path.replace('{promotion}', promotion)}`);
      await settled(page);
      const name = path === '/' ? 'flow' : path.slice(1).replaceAll(/[/{}]+/g, '-');
      // A window as high as the page: else the bar at the foot of a phone would stand in its midst.
      const height = await page.evaluate('document.documentElement.scrollHeight');
      await page.setViewportSize({ width: form.width, height: Math.max(900, Number(height)) });
      await page.screenshot({ path: join(everything, `${name}.${form.width}.${form.scheme}.png`) });
      await page.setViewportSize({ width: form.width, height: 900 });
      const ofReadme = SHOWN[path];
      if (ofReadme !== undefined && form.width === 1440 && form.scheme === 'light')
        await page.screenshot({ path: join(shown, `${ofReadme}.png`) });
    }
    await Promise.all([alice, admin].map(({ context }) => context.close()));
  }
  await takeFirstVisit();
  console.log(`${PAGES.length * FORMS.length} pictures are in pictures/, the README's in docs/pictures/`);
} finally {
  await browser.close();
  await runtime.stop();
}

/** What dev sees first after `npm start`: the README shows it. */
async function takeFirstVisit(): Promise<void> {
  const first = await startRuntime({ SLUICE_DEMO: 'on' });
  try {
    await demoComplete(first);
    const { page, context } = await signedIn(browser, first.url, 'dev@acme.com');
    await settled(page);
    await page.screenshot({ path: join(shown, 'flow.png') });
    await context.close();
  } finally {
    await first.stop();
  }
}
