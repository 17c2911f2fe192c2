import { expect } from 'vitest';
import { WebBrowser } from '../../support/web-browser.ts';
import type { World } from './world.ts';

/** Somebody signs in to the pages, and out. */
export async function signInAndOut({ runtime }: World): Promise<void> {
  const alice = new WebBrowser(runtime.url);
  const page = await alice.signIn('alice@acme.com');
  expect(page.text).toContain('You are signed in as alice@acme.com');
  expect((await alice.get('/')).text).toContain('<title>Sluice</title>');
  expect((await alice.get('/web/session')).text).toContain('alice@acme.com');
  expect((await alice.get('/web/api/v1/overview/~')).status).toBe(200);
  const csrf = alice.formToken();
  expect((await alice.post('/sign-out', { csrf })).status).toBe(200);
}
