import { beforeEach, describe, expect, it } from 'vitest';
import { createWorld, type World } from './api-world.ts';
import { browser } from './browser.ts';
import { mailed, signedIn } from './links-world.ts';

const [KEY, BEFORE, AFTER] = ['db.host', 'old.acme.com', 'new.acme.com'];

let world: World;
let id: string;
beforeEach(async () => {
  world = await createWorld();
  const admin = world.as('admin');
  const put = (environment: string, value: string) =>
    admin('PUT', `/api/v1/config/environments/${environment}/configs/${KEY}`, { value });
  expect((await put('staging', AFTER)).status).toBeLessThan(300);
  expect((await put('production', BEFORE)).status).toBeLessThan(300);
  const { status, body } = await world.as('dev')('POST', '/api/v1/config/promotions', {
    targetEnvironment: 'production',
    promotionType: 'FULL',
  });
  expect(status, JSON.stringify(body)).toBe(201);
  id = body.id;
});

const shows = (text: string) => [KEY, BEFORE, AFTER].map((part) => text.includes(part));

describe('the values that a promotion would change', () => {
  it('are on the page of a signed-in approver, and before sign-in their keys alone', async () => {
    const { link } = await mailed(world, id);
    const stranger = String((await browser(world).get(link)).body);
    expect(shows(stranger)).toEqual([true, false, false]);
    expect(stranger).toContain('Sign in to see the values.');
    const alice = await signedIn(world, 'alice');
    expect(shows(String((await alice.get(link)).body))).toEqual([true, true, true]);
  });

  it('are in a mail only where its channel says so', async () => {
    const { mail } = await mailed(world, id);
    for (const text of [mail.subject + mail.text, mail.html])
      expect(shows(text)).toEqual([true, false, false]);
    const { mail: open } = await mailed(world, id, 'alice', true);
    for (const text of [open.text, open.html]) expect(shows(text)).toEqual([true, true, true]);
  });

  it('are hidden with advice where they only look like a secret, until an editor says that they are none', async () => {
    const put = (more: object) =>
      world.as('dev')('POST', '/api/v1/config/environments/staging/batch', {
        put: [{ kind: 'config', key: 'smtp.password', value: 'swordfish', ...more }],
      });
    const shown = async () => {
      const { body } = await world.as('dev')('POST', '/api/v1/config/promotions', {
        targetEnvironment: 'production',
        promotionType: 'SELECTIVE',
        configIds: ['smtp.password'],
      });
      const { mail } = await mailed(world, body.id, 'alice', true);
      const { link } = await mailed(world, body.id);
      const page = String((await (await signedIn(world, 'alice')).get(link)).body);
      return [mail.text, mail.html, page].map((text) => ({
        secret: text.includes('swordfish'),
        advice: text.includes('Use secretRef, or set sensitive: false'),
      }));
    };
    await put({});
    expect(await shown()).toEqual(Array.from({ length: 3 }, () => ({ secret: false, advice: true })));
    await put({ sensitive: false });
    expect(await shown()).toEqual(Array.from({ length: 3 }, () => ({ secret: true, advice: false })));
  });

  it('are shown by a channel for mail when an admin asks for it', async () => {
    const admin = world.as('admin');
    const path = '/api/v1/notification-channels';
    const { body } = await admin('POST', path, { name: 'mail', type: 'email', recipients: 'approvers' });
    expect(body.show_values).toBe(false);
    const changed = await admin('PATCH', `${path}/${body.id}`, { show_values: true });
    expect(changed).toMatchObject({ status: 200, body: { show_values: true, recipients: 'approvers' } });
    expect((await admin('PATCH', `${path}/${body.id}`, { name: 'other' })).body.show_values).toBe(true);
  });
});
