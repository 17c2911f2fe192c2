import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, until } from '../support/api.ts';
import { seriousOn } from '../support/axe.ts';
import { launchChromium, signedIn, skipWithoutChromium } from '../support/chromium.ts';
import { inParallel } from '../support/in-parallel.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

/** A second admin: what weakens a protected environment waits for them. */
const ROOT = {
  email: 'root@acme.com',
  subject: '550e8400-e29b-41d4-a716-44665544000a',
  roles: ['viewer', 'auditor', 'admin'],
};
/** What is told of a delivery. */
type Told = { readonly event: string; readonly outcome: string };

/** A person whom no tenant knows. */
const NEW = '550e8400-e29b-41d4-a716-44665544000b';

describe.skipIf(skipWithoutChromium())('what is set up for a tenant, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;
  let admin: Api;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([startRuntime({}, { people: [ROOT] }), launchChromium()]);
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  });
  afterAll(async () => {
    await browser?.close();
    await runtime?.stop();
  });

  const at = async (path: string, run: (page: Page) => Promise<void>) => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com');
    await page.goto(`${runtime.url}/web/settings/${path}`);
    await run(page);
    expect(complaints).toEqual([]);
    await context.close();
  };
  const named = async (path: string, name: string) => {
    const { items } = (await admin.get(`/api/v1/${path}`)).body;
    return items.find((one: { name?: string; email?: string }) => one.name === name || one.email === name);
  };

  it('adds a member, asks why where a role lets somebody approve, and keeps that waiting for a second admin', () =>
    at('people', async (page) => {
      await page.getByRole('button', { name: 'Add a member' }).click();
      await page.getByLabel('Subject, as').fill(NEW);
      await page.getByLabel('E-mail address').fill('new@acme.com');
      await page.getByLabel('Groups').fill('payments, security');
      await page.getByRole('button', { name: 'Add the role' }).click();
      expect(await seriousOn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('The new member is added.').waitFor();
      await page.getByText('viewer; groups payments, security').waitFor();
      const { version, ...made } = await named('members', 'new@acme.com');
      expect(made).toMatchObject({ roles: [{ role: 'viewer' }], groups: ['payments', 'security'] });

      await page.getByRole('button', { name: 'Change new@acme.com' }).click();
      await page.getByLabel('Role', { exact: true }).selectOption('approver');
      await page.getByLabel('Where').selectOption('production');
      await page.getByRole('button', { name: 'Add the role' }).click();
      await page.getByRole('button', { name: 'Save the change' }).click();
      await page
        .locator('.note.stop')
        .getByText(/reason/i)
        .first()
        .waitFor();
      await page.getByLabel(/^Why\./).fill('approves for payments');
      await page.getByRole('button', { name: 'Save the change' }).click();
      await page.getByText('Nothing changed yet').waitFor();
      expect(await named('members', 'new@acme.com')).toMatchObject({ roles: [{ role: 'viewer' }], version });
      await page.getByRole('link', { name: 'Waiting changes' }).first().click();
      await page.getByText('“approves for payments”').waitFor();
    }));

  it('adds a machine with an owner, changes what it may do and removes it once that is confirmed', () =>
    at('people', async (page) => {
      await page.getByRole('button', { name: 'Add a machine' }).click();
      await page.getByLabel('Name', { exact: true }).fill('nightly');
      await page.getByLabel('AWS account, 12 digits').fill('123456789012');
      await page.getByLabel('Name of the IAM role').fill('nightly');
      await page.getByLabel('Unique id of the IAM role').fill('AROAEXAMPLE');
      await page.getByLabel('Who answers for it').selectOption({ label: 'dev@acme.com' });
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('no roles; dev@acme.com answers for it').waitFor();
      await page.getByRole('button', { name: 'Change nightly' }).click();
      await page.getByRole('button', { name: 'Add the role' }).click();
      expect(await seriousOn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Save the change' }).click();
      await page.getByText('nightly is changed.').waitFor();
      expect((await named('principals', 'nightly')).roles).toEqual([{ role: 'viewer' }]);
      await page.getByRole('button', { name: 'Change nightly' }).click();
      await page.getByRole('button', { name: 'Remove nightly', exact: true }).click();
      await page.getByRole('button', { name: 'Remove nightly now' }).click();
      await page.getByText('nightly is removed.').waitFor();
      expect(await named('principals', 'nightly')).toBeUndefined();
    }));

  it('adds a channel for chosen events, sends a sample, shows its history, and removes it', () =>
    at('channels', async (page) => {
      await page.getByRole('button', { name: 'Add a channel' }).click();
      await page.getByLabel('Name', { exact: true }).fill('Release desk');
      await page.getByLabel('To', { exact: true }).selectOption('named');
      await page.getByLabel('E-mail addresses').fill('desk@acme.com');
      await page.getByLabel('Every event').uncheck();
      await page.getByLabel('requested', { exact: true }).uncheck();
      await page.getByLabel('Every environment').uncheck();
      await page.getByLabel('development', { exact: true }).uncheck();
      await page.getByLabel('Every severity').uncheck();
      await page.getByLabel('info', { exact: true }).uncheck();
      await page.getByLabel('Mails that ask for approval show values').check();
      const silent = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
      await page.getByLabel(/^Muted until/).fill(silent);
      expect(await seriousOn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('Mails desk@acme.com, about “').waitFor();
      await page.getByText('if warning or critical; what asks for approval shows values').waitFor();
      await page.getByText(/Muted until/).waitFor();
      const { filter, recipients, ...more } = await named('notification-channels', 'Release desk');
      expect(filter.severities).toEqual(['warning', 'critical']);
      expect(more).toMatchObject({ show_values: true, muted_until: expect.any(String) });
      expect(recipients).toEqual(['desk@acme.com']);
      expect(filter.environments).toEqual(['staging', 'production']);
      expect(filter.events).toContain('completed');
      expect(filter.events).not.toContain('requested');
      await page.getByRole('button', { name: 'Send a sample to Release desk' }).click();
      await page.getByText('The sample was delivered.').waitFor();
      await page.getByRole('button', { name: 'History of Release desk' }).click();
      await page.getByText('Nothing was sent in the last 30 days.').waitFor();
      await page.getByRole('button', { name: 'Change Release desk' }).click();
      await page.getByLabel('Every environment').waitFor();
      await page.getByLabel(/^Muted until/).fill('');
      await page.getByLabel('Active: notices are sent').uncheck();
      await page.getByRole('button', { name: 'Save the change' }).click();
      await page.getByText('It is disabled: by an administrator.').waitFor();
      expect(await named('notification-channels', 'Release desk')).toMatchObject({
        muted_until: null,
        filter,
      });
      await page.getByRole('button', { name: 'Change Release desk' }).click();
      // The form is whole once it knows the environments: a click while it grows is none, as it ends elsewhere than it began.
      await page.getByLabel('Every environment').waitFor();
      await page.getByRole('button', { name: 'Remove Release desk', exact: true }).click();
      await page.getByRole('button', { name: 'Remove Release desk now' }).click();
      await page.getByText('Release desk is removed.').waitFor();
    }));

  it('shows what a channel was told, when, and how that went', async () => {
    const watchers = { name: 'Watchers', type: 'email', recipients: ['watch@acme.com'] };
    const { id } = (await admin.post('/api/v1/notification-channels', watchers)).body;
    const dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
    const asked = { targetEnvironment: 'production', promotionType: 'FULL' };
    expect((await dev.post('/api/v1/config/promotions', asked)).status).toBe(201);
    await until(
      async () => (await admin.get(`/api/v1/notification-channels/${id}/deliveries`)).body.items,
      (items) => items.some(({ event, outcome }: Told) => event === 'requested' && outcome === 'delivered'),
    );
    await at('channels', async (page) => {
      await page.getByRole('button', { name: 'History of Watchers' }).click();
      const told = page.getByRole('list', { name: 'What Watchers was told' });
      await told.getByText('requested in production, info').waitFor();
      await told
        .getByText(/^delivered; reference/)
        .first()
        .waitFor();
      expect(await seriousOn(page)).toEqual([]);
    });
  });

  it('shows a hundred items of a list, and the next where somebody asks', async () => {
    const subjects = Array.from(
      { length: 101 },
      (_, n) => `${NEW.slice(0, -5)}5${String(n).padStart(4, '0')}`,
    );
    await inParallel(subjects, 8, async (subject) => {
      const email = `p${subject.slice(-3)}@acme.com`;
      const made = await admin.post('/api/v1/members', { subject, email, roles: [{ role: 'viewer' }] });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
    });
    await at('people', async (page) => {
      const people = page.getByRole('region', { name: 'People' });
      await people.getByText('The first 100').waitFor();
      expect(await people.locator('[data-row]').count()).toBe(100);
      await people.getByRole('button', { name: 'Show more of People' }).click();
      await people.getByText('The first 100').waitFor({ state: 'detached' });
      const { items } = (await admin.get('/api/v1/members?limit=100')).body;
      expect(items).toHaveLength(100);
      expect(await people.locator('[data-row]').count()).toBeGreaterThan(101);
    });
  });

  it('says why a registry is not taken, adds one, and keeps its move and its removal waiting', () =>
    at('registries', async (page) => {
      await page.getByRole('button', { name: 'Add a registry' }).click();
      await page.getByLabel('Id', { exact: true }).fill('mirror');
      await page.getByLabel('URL, https').fill('ftp://registry.example.com');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.locator('.note.stop').first().waitFor();
      await page.getByLabel('URL, https').fill('https://registry.example.com');
      expect(await seriousOn(page)).toEqual([]);
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('secondary, oci, at https://registry.example.com; without credentials').waitFor();
      await page.getByRole('button', { name: 'Change mirror' }).click();
      await page.getByLabel('Prefix of repositories').fill('library');
      await page.getByLabel(/^Why\./).fill('it moved');
      await page.getByRole('button', { name: 'Save the change' }).click();
      // Production syncs to every secondary registry: another admin has to agree, to its removal too.
      await page.getByText('Nothing changed yet').waitFor();
      const { body } = await admin.get('/api/v1/registries/mirror');
      expect(body.repository_prefix).toBeNull();
      const { items } = (await admin.get('/api/v1/pending-changes')).body;
      for (const { id, status } of items)
        if (status === 'pending') await admin.post(`/api/v1/pending-changes/${id}/discard`, {});
      await page.reload();
      await page.getByRole('button', { name: 'Change mirror' }).click();
      await page.getByLabel(/^Why\./).fill('not needed');
      await page.getByRole('button', { name: 'Remove mirror', exact: true }).click();
      await page.getByRole('button', { name: 'Remove mirror now' }).click();
      await page.getByText('Nothing changed yet').waitFor();
      expect((await admin.get('/api/v1/registries/mirror')).status).toBe(200);
      await page.getByRole('link', { name: 'Waiting changes' }).first().click();
      await page.getByText('“not needed”').waitFor();
    }));

  it('offers a developer nothing that only an admin may change', async () => {
    const { page, context } = await signedIn(browser, runtime.url, 'dev@acme.com');
    for (const part of ['people', 'channels', 'registries', 'rules']) {
      await page.goto(`${runtime.url}/web/settings/${part}`);
      await page.locator('section.sect').first().waitFor();
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      expect(await page.getByRole('button', { name: /^(?:Add|Change)/ }).count(), part).toBe(0);
    }
    await context.close();
  });
});
