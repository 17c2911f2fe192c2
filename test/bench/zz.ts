import { gzipSync } from 'node:zlib';
import { launchChromium, signedIn } from '../support/chromium.ts';
import { bigTenant } from './big-tenant.ts';
const { runtime, stop } = await bigTenant();
const token = await runtime.token('dev@acme.com');
for (let i = 0; i < 6; i++) {
  const t = performance.now();
  const r = await fetch(`${runtime.url}/api/v1/overview`, { headers: { authorization: `Bearer ${token}` } });
  const text = await r.text();
  console.log('overview', r.status, (performance.now() - t).toFixed(0), 'ms', text.length, 'gz', gzipSync(text).length);
}
const browser = await launchChromium();
const { page } = await signedIn(browser, runtime.url, 'dev@acme.com');
const log: string[] = [];
page.on('requestfinished', async (r) => { const t = r.timing(); log.push(`${r.url().replace(runtime.url, '')} start ${t.startTime.toFixed(0)} wait ${t.responseStart.toFixed(0)} end ${t.responseEnd.toFixed(0)}`); });
for (let i = 0; i < 4; i++) {
  log.length = 0;
  const t0 = Date.now();
  await page.goto(runtime.url);
  await page.getByText(/subjects? moving/).waitFor();
  const painted = await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))');
  await new Promise((r) => setTimeout(r, 500));
  console.log('painted', painted, 'from', t0); console.log(log.map((l) => '   ' + l.replace(/start (\d+)/, (_, s) => `start ${Number(s) - t0}`)).join('\n'));
}
const session = await page.context().newCDPSession(page);
await session.send('Profiler.enable'); await session.send('Profiler.start');
await page.goto(runtime.url); await page.getByText(/subjects? moving/).waitFor(); await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
const { profile } = await session.send('Profiler.stop');
(await import('node:fs')).mkdirSync('/tmp/prof/web', { recursive: true });
(await import('node:fs')).writeFileSync('/tmp/prof/web/a.cpuprofile', JSON.stringify(profile));
await browser.close(); await stop(); process.exit(0);
