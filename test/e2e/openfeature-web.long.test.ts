import { createServer, type Server } from 'node:http';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import { launchChromium, skipWithoutChromium } from '../support/chromium.ts';
import { skipWithoutWebPackages, WEB_PACKAGES } from '../support/programs.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const flags = '/api/v1/config/environments/staging';
/** What a page loads: the public SDK and its provider, as any bundler packs them. */
const SCRIPT = `
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
window.changes = 0;
OpenFeature.addHandler(ProviderEvents.ConfigurationChanged, () => { window.changes += 1; });
window.start = async (baseUrl, key, pollInterval, changeDetection) => {
  const provider = new OFREPWebProvider({ baseUrl, pollInterval, changeDetection, cacheMode: 'disabled', headers: [['authorization', 'Bearer ' + key]] });
  await OpenFeature.setProviderAndWait(provider).catch((error) => { window.failed = String(error); });
  window.client = OpenFeature.getClient();
  return window.failed ?? 'ready';
};
`;

describe.skipIf(skipWithoutChromium() || skipWithoutWebPackages())(
  'the public web SDK in a browser, on a page of another origin',
  () => {
    let runtime: Runtime;
    let browser: Browser;
    let dev: Api;
    let key: string;
    let pages: Server[];
    let origins: string[];

    beforeAll(async () => {
      const [started, chromium, bundle] = await Promise.all([
        startRuntime({}),
        launchChromium(),
        build({
          stdin: { contents: SCRIPT, resolveDir: WEB_PACKAGES },
          ...{ bundle: true, write: false, format: 'iife', platform: 'browser' },
        }),
      ]);
      [runtime, browser] = [started, chromium];
      const script = bundle.outputFiles[0]?.text ?? '';
      pages = [pageServer(script), pageServer(script)];
      origins = await Promise.all(pages.map(originOf));
      dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
      const admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
      const made = await admin.post('/api/v1/flag-keys', {
        ...{ name: 'pages', environment: 'staging', type: 'browser', allowed_origins: [origins[0]] },
      });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
      key = made.body.key;
    });
    afterAll(async () => {
      await browser?.close();
      for (const page of pages ?? []) page.close();
      await runtime?.stop();
    });

    let context: BrowserContext;
    let page: Page;
    let logged: string[];
    beforeEach(async () => {
      context = await browser.newContext();
      page = await context.newPage();
      logged = [];
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) logged.push(message.text());
      });
      page.on('pageerror', (error) => logged.push(error.message));
    });
    afterEach(() => context.close());

    /** Opens a page and starts the provider in it; answers `ready`, or why not. */
    async function started(origin: string, pollInterval = 0, changeDetection = 'polling'): Promise<string> {
      await page.goto(origin);
      const given = JSON.stringify([runtime.url, key, pollInterval, changeDetection]);
      return page.evaluate(`start(...${given})`);
    }
    const value = (flag: string, fallback: boolean): Promise<unknown> =>
      page.evaluate(`client.getBooleanValue(${JSON.stringify(flag)}, ${fallback})`);
    const put = async (flag: string, enabled: boolean) => {
      const body = { enabled, variants: { on: true, off: false }, defaultVariant: 'on' };
      expect((await dev.put(`${flags}/flags/${flag}`, body)).status).toBe(200);
    };

    it('evaluates flags with a key and nothing else, after a preflight', async () => {
      const asked: string[] = [];
      // Chromium does not show its preflights to the page: the protocol of its developer tools does.
      const tools = await context.newCDPSession(page);
      await tools.send('Network.enable');
      tools.on('Network.requestWillBeSent', ({ request }) => asked.push(request.method));
      expect(await started(origins[0] ?? '')).toBe('ready');
      expect(await value('new-dashboard', false)).toBe(true);
      expect(asked).toEqual(expect.arrayContaining(['OPTIONS', 'POST']));
      expect(logged).toEqual([]);
    });

    it('gets the default of the code for a disabled flag, and logs nothing', async () => {
      expect(await started(origins[0] ?? '')).toBe('ready');
      expect([await value('query-history', true), await value('query-history', false)]).toEqual([
        true,
        false,
      ]);
      expect(logged).toEqual([]);
    });

    it('is answered nothing on a page that the key does not name', async () => {
      expect(await started(origins[1] ?? '')).not.toBe('ready');
      expect(await value('new-dashboard', false)).toBe(false);
      expect(logged.join('\n')).toContain('blocked by CORS policy');
    });

    it('sees a change with the first poll after it, and is spared what it has before', async () => {
      await put('polled', false);
      const polls: { readonly at: number; readonly status: number }[] = [];
      let begun = 0;
      const order = new Map<object, number>();
      page.on('request', (request) => {
        begun += 1;
        if (request.method() === 'POST') order.set(request, begun);
      });
      page.on('response', (answer) => {
        const at = order.get(answer.request());
        if (at !== undefined) polls.push({ at, status: answer.status() });
      });
      expect(await started(origins[0] ?? '', 100)).toBe('ready');
      expect(await value('polled', false)).toBe(false);
      await expect
        .poll(() => polls.filter(({ status }) => status === 304).length, PATIENT)
        .toBeGreaterThan(2);
      await put('polled', true);
      const changed = begun;
      await expect.poll(() => value('polled', false), PATIENT).toBe(true);
      const before = polls.filter(({ at }) => at <= changed).map(({ status }) => status);
      const after = polls.filter(({ at }) => at > changed).map(({ status }) => status);
      // All but the first had the flags already; a poll that was under way during the change may have seen it.
      expect(before.filter((status) => status === 200).length).toBeLessThanOrEqual(2);
      expect([before.at(-1), after[0]]).toContain(200);
      expect(await page.evaluate('changes')).toBe(1);
      expect(logged).toEqual([]);
    });

    it('hears of a change by the stream that the answer names, and polls never', async () => {
      await put('streamed', false);
      const posts: number[] = [];
      page.on('response', (answer) => {
        if (answer.request().method() === 'POST') posts.push(answer.status());
      });
      expect(await started(origins[0] ?? '', 0, 'sse')).toBe('ready');
      expect(await value('streamed', false)).toBe(false);
      // The stream begins with what is, which the page has already.
      await expect.poll(() => posts, PATIENT).toEqual([200, 304]);
      await put('streamed', true);
      await expect.poll(() => value('streamed', false), PATIENT).toBe(true);
      expect(posts).toEqual([200, 304, 200]);
      expect(await page.evaluate('changes')).toBe(1);
      expect(logged).toEqual([]);
    });

    it('has 1,004 flags in one answer', async () => {
      const wanted = Array.from({ length: 1_004 }, (_, n) => `many.${n}`);
      for (const keys of [wanted.slice(0, 502), wanted.slice(502)]) {
        const fields = { enabled: true, variants: { on: true, off: false }, defaultVariant: 'on' };
        const done = await dev.post(`${flags}/batch`, {
          put: keys.map((flag) => ({ kind: 'flag', key: flag, ...fields })),
        });
        expect(done.status, JSON.stringify(done.body)).toBe(200);
      }
      expect(await started(origins[0] ?? '')).toBe('ready');
      const script = `${JSON.stringify(wanted)}.filter((flag) => client.getBooleanValue(flag, false)).length`;
      expect(await page.evaluate(script)).toBe(1_004);
      expect(logged).toEqual([]);
    });
  },
);

/** For what takes as long as the machine is busy. */
const PATIENT = { timeout: 120_000, interval: 50 };

function pageServer(script: string): Server {
  return createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    const icon = '<link rel="icon" href="data:,">';
    response.end(isScript ? script : `<!doctype html>${icon}<script src="/page.js"></script>`);
  });
}

/** `localhost` on a port of its own: another origin than that of the runtime, on which pages need no TLS. */
async function originOf(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = server.address();
  return `http://localhost:${typeof address === 'object' && address !== null ? address.port : 0}`;
}
