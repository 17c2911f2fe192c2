import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api } from '../support/api.ts';
import { launchChromium, settled, signedIn, skipWithoutChromium, USUAL_FORMS } from '../support/chromium.ts';
import { type Runtime, startRuntime } from '../support/runtime.ts';

const ROOT = {
  email: 'root@acme.com',
  subject: '550e8400-e29b-41d4-a716-44665544000a',
  roles: ['viewer', 'auditor', 'admin'],
};

describe.skipIf(skipWithoutChromium())('what governs, in a browser', () => {
  let runtime: Runtime;
  let browser: Browser;
  let admin: Api;

  beforeAll(async () => {
    [runtime, browser] = await Promise.all([
      startRuntime({ SLUICE_LOCAL_CLOCK: 'adjustable' }, { people: [ROOT] }),
      launchChromium(),
    ]);
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  });
  afterAll(async () => {
    await browser?.close();
    // No promotion was decided: there is nothing to replay.
    await runtime?.stop();
  });

  it('says what runs unrecorded and who saw it', async () => {
    const now = new Date().toISOString();
    const seen = { image_tag: 'v9', observed_at: now };
    const put = await admin.put('/api/v1/observations/staging/artifact/shop', seen);
    expect(put.status, JSON.stringify(put.body)).toBe(200);
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com');
    await page.getByRole('link', { name: 'Delivery' }).click();
    await page.getByRole('link', { name: 'Drift' }).click();
    const shop = page.getByRole('region', { name: 'Drift of shop' });
    await shop.getByText('Runs v9, which nobody recorded').waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each(USUAL_FORMS)(
    'draws how long deployments took, and how often they failed by week, at $width in $scheme',
    async (form) => {
      const environment = form.width === 390 ? 'development' : 'staging';
      const at = (days: number, minutes: number) =>
        new Date(Date.now() - days * 86_400_000 + minutes * 60_000).toISOString();
      // Who dates back when something went live has to be an admin.
      const record = async (days: number, took: number, more: object) => {
        const made = await admin.post('/api/v1/platform/deployments', {
          imageTag: `v${days}`,
          environment,
          deployedAt: at(days, 0),
          completedAt: at(days, took),
          unplanned: false,
          ...more,
        });
        expect(made.status, JSON.stringify(made.body)).toBe(201);
      };
      const since = (days: number, sha: string) => [{ sha: sha.padEnd(40, '0'), committedAt: at(days, 0) }];
      await record(10, 2, { status: 'DEPLOYED', liveAt: at(10, 2), commits: since(11, 'a') });
      await record(9, 5, { status: 'FAILED' });
      await record(8.9, 10, {
        status: 'DEPLOYED',
        liveAt: at(8.9, 10),
        unplanned: true,
        commits: since(12, 'b'),
      });
      await record(2, 30, { status: 'DEPLOYED', liveAt: at(2, 30), commits: since(3, 'c') });
      // What has just changed is counted by a later run.
      await runtime.advanceClock(60_000);
      await runtime.runSchedule('sweep');
      const { page, context, complaints } = await signedIn(browser, runtime.url, 'dev@acme.com', form);
      await page.goto(`${runtime.url}/web/delivery/${environment}`);
      const drawn = (name: RegExp) => page.getByRole('img', { name });
      for (const [what, number] of [
        ['Duration', 4],
        ['Change lead time', 3],
        ['Recovery time', 1],
      ] as const) {
        const chart = drawn(new RegExp(`^${what} of ${number}: half within`));
        await chart.waitFor();
        expect(await chart.locator('.ch-m').count()).toBe(2);
        expect(await chart.locator('.ch-k').allTextContents()).toEqual([
          expect.stringMatching(/^half within \d/),
          expect.stringMatching(/^9 in 10 within \d/),
        ]);
      }
      await drawn(/^Change fail rate by week: from \d+(\.\d)? % to 0 %$/).waitFor();
      expect(await serious(page)).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    },
  );

  it('changes a policy in words: what it would have refused stands before saving', async () => {
    const policy = { name: 'One approval', environments: ['staging'], required_approvers: 1, groups: [] };
    const { id } = (await admin.post('/api/v1/approval-policies', policy)).body;
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com');
    await page.goto(`${runtime.url}/web/settings/rules`);
    await page.getByRole('button', { name: 'Change One approval' }).click();
    const word = (name: string) => page.getByRole('button', { name, exact: true });
    // The words are the form: one opens its control, and the sentence follows it.
    await word('1 approval').press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('needed');
    await page.getByLabel('Approvals', { exact: true }).fill('3');
    await word('3 approvals').waitFor();
    // Nobody asked for it: what was changed is replayed by itself.
    await page.getByText('Nothing was promoted in the last 90 days').waitFor();
    await word('from any group').press('Enter');
    await page.getByLabel('Approvals', { exact: true }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add a group' }).click();
    await page.getByLabel('Name of group 1').fill('security');
    await word('1 from security').waitFor();
    await word('None has to say why').press('Enter');
    await page.getByLabel('Each approval says why').check();
    await word('Each says why').waitFor();
    await word('3 approvals').press('Enter');
    // An empty field asks for nothing else.
    await page.getByLabel('Approvals', { exact: true }).fill('');
    await word('1 approval').waitFor();
    await page.getByLabel('Approvals', { exact: true }).fill('2');
    await word('2 approvals').waitFor();
    await page.getByText('Nothing was promoted in the last 90 days').waitFor();
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save the change' }).click();
    await page.getByText('One approval is changed.').waitFor();
    await page.getByText('needs 2 approvals').waitFor();
    const kept = (await admin.get(`/api/v1/approval-policies/${id}`)).body;
    expect(kept).toMatchObject({
      required_approvers: 2,
      groups: [{ group: 'security', min: 1 }],
      require_comment: true,
      expires_after: 'P7D',
    });
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('adds a policy in words; to take it away waits for a second admin', async () => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com');
    await page.goto(`${runtime.url}/web/settings/rules`);
    await page.getByRole('button', { name: 'Add a policy' }).click();
    await page.getByText('To enter any environment, a promotion needs').first().waitFor();
    await page.getByLabel('Name of the policy').fill('Two for staging');
    await page.getByLabel('Any environment').uncheck();
    for (const name of ['development', 'production']) await page.getByLabel(name, { exact: true }).uncheck();
    await page.getByRole('button', { name: '1 approval', exact: true }).click();
    await page.getByLabel('Approvals', { exact: true }).fill('2');
    await page.getByText('Nothing was promoted in the last 90 days').waitFor();
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('To enter staging, a promotion needs 2 approvals.').waitFor();
    await page.getByRole('button', { name: 'Change Two for staging' }).click();
    await page.getByLabel(/^Why/).fill('a drill');
    await page.getByRole('button', { name: 'Remove Two for staging' }).click();
    await page.getByRole('button', { name: 'Remove Two for staging now' }).click();
    await page
      .getByText(/second admin/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('adds a promotion rule in words, changes it and takes it away, and says what came of each', async () => {
    const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com');
    await page.goto(`${runtime.url}/web/settings/rules`);
    await page.getByRole('button', { name: 'Add a rule' }).click();
    await page.getByLabel('From', { exact: true }).selectOption('development');
    await page.getByLabel('To', { exact: true }).selectOption('staging');
    const name = '<img src=x onerror=alert(1)> on to staging';
    await page.getByLabel('Name of the rule').fill(name);
    await page.getByLabel('Approvals that it asks for').fill('2');
    await page.getByText('From development to staging, a person asks, and 2 approvals are needed.').waitFor();
    await page.getByLabel('What runs in development is promoted by itself').check();
    await page.getByText(/From the next deployment in development on/).waitFor();
    await page.getByLabel(/^Conditions/).fill('{"field": ');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('The conditions are no JSON object').waitFor();
    await page.getByLabel(/^Conditions/).fill('{"field": "tests.pass_rate", "op": "gte", "value": 95}');
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByText('The new rule is added.').waitFor();
    const kept = (await admin.get('/api/v1/promotions/rules')).body.items;
    expect(kept).toMatchObject([
      {
        ...{ name, source_environment: 'development', target_environment: 'staging' },
        ...{ requires_approval: true, required_approvers: 2, auto_promote: true },
        conditions: { field: 'tests.pass_rate', op: 'gte', value: 95 },
      },
    ]);

    await page.getByRole('button', { name: `Change ${name}` }).click();
    await page.getByLabel('What runs in development is promoted by itself').uncheck();
    await page.getByLabel(/^Conditions/).fill('');
    await page.getByRole('button', { name: 'Save the change' }).click();
    await page.getByText(`${name} is changed.`).waitFor();
    const [changed] = (await admin.get('/api/v1/promotions/rules')).body.items;
    expect(changed).toMatchObject({ auto_promote: false, conditions: null, required_approvers: 2 });

    await page.getByRole('button', { name: `Change ${name}` }).click();
    await page.getByLabel(/^Why/).fill('a drill');
    await page.getByRole('button', { name: `Remove ${name}` }).click();
    await page.getByRole('button', { name: `Remove ${name} now` }).click();
    await page.getByText(`${name} is removed.`).waitFor();
    expect((await admin.get('/api/v1/promotions/rules')).body.items).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it('knows no page by the name of what every object has, and grows no wider than its window', async () => {
    const reason = `<b>${'no-space-'.repeat(30)}</b>`;
    const [starts_at, ends_at] = [1, 2].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
    const freeze = { reason, starts_at, ends_at };
    expect((await admin.post('/api/v1/environments/staging/freezes', freeze)).status).toBe(201);
    for (const width of [1440, 390] as const) {
      const form = { width, scheme: 'light' } as const;
      const { page, context, complaints } = await signedIn(browser, runtime.url, 'admin@acme.com', form);
      for (const name of ['toString', '__proto__', 'constructor']) {
        await page.goto(`${runtime.url}/web/settings/${name}`);
        await page.getByRole('heading', { name: 'Page not found' }).waitFor();
      }
      for (const path of ['calendar', 'environments/staging']) {
        await page.goto(`${runtime.url}/web/${path}`);
        await page.getByText(reason).first().waitFor();
        await settled(page);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), path).toBe(0);
      }
      expect(complaints).toEqual([]);
      await context.close();
    }
  });

  it('keeps a change that asks for less waiting, says so to who asked, and lets them discard it', async () => {
    const before = (await admin.get('/api/v1/environments/production')).body;
    const { page, context } = await signedIn(browser, runtime.url, 'admin@acme.com');
    await page.goto(`${runtime.url}/web/environments/production`);
    await page.getByRole('button', { name: 'Change the gates' }).click();
    await page.getByLabel('When tests does not pass').selectOption('warn');
    await page.getByRole('button', { name: 'Save the change' }).click();
    await page
      .locator('.note.stop')
      .getByText(/reason/i)
      .first()
      .waitFor();
    await page.getByLabel(/^Why\./).fill('a drill');
    expect(await serious(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save the change' }).click();
    await page.getByText('Nothing changed yet').waitFor();
    expect((await admin.get('/api/v1/environments/production')).body.gates).toEqual(before.gates);

    await page.getByRole('link', { name: 'Waiting changes' }).first().click();
    await page.getByText('You asked for it: another admin confirms it.').waitFor();
    expect(await serious(page)).toEqual([]);
    const confirm = page.getByRole('button', { name: /^Confirm/ });
    expect(await confirm.getAttribute('aria-disabled')).toBe('true');

    await page.getByRole('button', { name: /^Discard/ }).click();
    await page.getByText(/^Discarded: environment production stays as it is/).waitFor();
    await page.getByRole('heading', { name: 'No change waits' }).waitFor();
    await context.close();
  });

  it('lets an admin of more than a day confirm a change, and tells a younger one from when on', async () => {
    const weaker = { protected: false, reason: 'a second drill' };
    expect((await admin.patch('/api/v1/environments/production', weaker)).status).toBe(202);
    const young = await signedIn(browser, runtime.url, ROOT.email);
    await young.page.goto(`${runtime.url}/web/settings/waiting`);
    await young.page.getByText('“a second drill”').waitFor();
    await young.page.getByRole('button', { name: /^Confirm/ }).click();
    await young.page.getByText(/you may confirm from/i).waitFor();
    expect((await admin.get('/api/v1/environments/production')).body.protected).toBe(true);
    await young.context.close();

    await runtime.advanceClock(25 * 3_600_000);
    const { page, context, complaints } = await signedIn(browser, runtime.url, ROOT.email);
    await page.goto(`${runtime.url}/web/settings/waiting`);
    await page.getByRole('button', { name: /^Confirm/ }).click();
    await page.getByText('Confirmed: the change of environment production took effect.').waitFor();
    admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
    expect((await admin.get('/api/v1/environments/production')).body.protected).toBe(false);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

/** What axe finds on a page as it stands that keeps somebody from using it. */
async function serious(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations }: ReturnType<typeof JSON.parse> = await page.evaluate('axe.run()');
  return violations
    .filter(({ impact }: { impact: string }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => `${id}: ${nodes[0]?.html}`);
}
