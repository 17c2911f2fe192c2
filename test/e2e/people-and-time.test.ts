import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Api, type Body, until } from '../support/api.ts';
import { Browser, type Page } from '../support/browser.ts';
import { newDataDir, type Runtime, startRuntime } from '../support/runtime.ts';
import { interaction, pressed, SlackServer, slackHeaders } from '../support/slack.ts';

const TENANT = '550e8400-e29b-41d4-a716-446655440000';
/** Milliseconds from now for which the promotion is scheduled: less than a token lives. */
const AHEAD = 1_800_000;
const SIGNING_SECRET = 'the signing secret of the app';
/** Bob, as Slack knows him. */
const BOB = { team: 'T1', user: 'U2' };

let runtime: Runtime;
let slack: SlackServer;
let dev: Api;
let admin: Api;

beforeAll(async () => {
  slack = await SlackServer.start();
  const dataDir = await newDataDir();
  const secrets = {
    [`sluice/${TENANT}/slack/bot`]: slack.token,
    [`sluice/${TENANT}/slack/signing`]: SIGNING_SECRET,
  };
  await writeFile(join(dataDir, 'secrets.json'), JSON.stringify(secrets));
  runtime = await startRuntime(
    { SLUICE_SLACK_API_URL: slack.api, SLUICE_LOCAL_CLOCK: 'adjustable' },
    { dataDir },
  );
  dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  await prepare();
});
afterAll(async () => {
  await runtime?.stop();
  await slack?.stop();
});

async function made(path: string, body: unknown): Promise<void> {
  const answer = await admin.post(path, body);
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
}

/** Gateways, a rule that wants two people, and a channel to Slack beside the one by mail that every tenant has. */
async function prepare(): Promise<void> {
  await made('/api/v1/gateways', { id: 'gw-stg', environment: 'staging', driver: 'record' });
  await made('/api/v1/gateways', { id: 'gw-prod', environment: 'production', driver: 'record' });
  await made('/api/v1/promotions/rules', {
    name: 'Two people before production',
    source_environment: 'staging',
    target_environment: 'production',
    requires_approval: true,
    auto_promote: false,
    required_approvers: 2,
  });
  await made('/api/v1/notification-channels', {
    name: 'releases',
    type: 'slack',
    mode: 'app',
    team_id: BOB.team,
    channel_id: 'C1',
    bot_token_ref: `sluice/${TENANT}/slack/bot`,
    signing_secret_ref: `sluice/${TENANT}/slack/signing`,
  });
}

describe('a promotion to production, decided by people where they are', () => {
  let path: string;
  const promotion = async (): Promise<Body> => (await dev.get(path)).body;
  const timeline = async (): Promise<Body[]> => (await dev.get(`${path}/timeline`)).body.items;
  const approvals = async (): Promise<Body[]> =>
    (await timeline()).filter(({ type }) => type === 'ApprovalGranted');
  let link: string;

  it('is requested and waits for two people', async () => {
    const deployment = { id: 'dep-1', agent_id: 'agent-1', gateway_id: 'gw-stg', environment: 'staging' };
    await dev.post('/api/v1/deployments', deployment);
    const { status, body } = await dev.post('/api/v1/promotions', {
      agent_id: 'agent-1',
      source_deployment_id: 'dep-1',
      target_gateway_id: 'gw-prod',
      target_environment: 'production',
    });
    expect(status).toBe(201);
    path = `/api/v1/promotions/${body.id}`;
    await until(promotion, (seen) => seen.waiting_for === 'approval');
  });

  it('mails alice, who reads it in the inbox', async () => {
    const mail = await until(
      () => mailTo('alice@acme.com'),
      (found) => found !== '',
    );
    expect(mail).toContain('agent-1');
    expect(mail).toContain('dev@acme.com');
    link = /https?:[^"&<]*\/approvals\/[A-Za-z0-9_-]{43}/.exec(mail)?.[0] ?? '';
    expect(link).toMatch(new RegExp(`^${runtime.url}/approvals/`));
  });

  it('does not change when its link is looked at a hundred times', async () => {
    const before = [await promotion(), await timeline()];
    const looks = await Promise.all(
      Array.from({ length: 100 }, (_, n) => fetch(link, { method: n % 10 === 0 ? 'HEAD' : 'GET' })),
    );
    expect(new Set(looks.map(({ status }) => status))).toEqual(new Set([200]));
    await Promise.all(looks.map((look) => look.text()));
    expect([await promotion(), await timeline()]).toEqual(before);
  });

  it('is approved once by alice, who signs in where the link leads', async () => {
    const browser = new Browser();
    const stranger = await browser.get(link);
    expect(stranger.html).not.toContain('value="approve"');
    const page = await signedIn(browser, stranger, 'alice@acme.com');
    expect(page).toMatchObject({ url: link, status: 200 });
    const clicks = await Promise.all(
      Array.from({ length: 5 }, () => browser.submit(page, { decision: 'approve', comment: 'Looks good' })),
    );
    expect(clicks.filter(({ html }) => html.includes('You approved'))).toHaveLength(1);
    const used = await browser.get(link);
    expect(used.html).toContain('This link was used');
    expect(await approvals()).toMatchObject([
      { actor: { email: 'alice@acme.com', via: { channel: 'email' } } },
    ]);
    expect((await promotion()).status).toBe('pending');
  });

  it('is not approved by somebody in Slack whom nobody knows, who learns how to be known', async () => {
    expect(await press('1700000001.000100')).toBe(200);
    const [told] = await until(
      async () => slack.of('chat.postEphemeral'),
      ({ length }) => length > 0,
    );
    expect(told.user).toBe(BOB.user);
    const address =
      new RegExp(`${runtime.url}/slack/link/[A-Za-z0-9_-]+`).exec(JSON.stringify(told))?.[0] ?? '';
    const browser = new Browser();
    const page = await signedIn(browser, await browser.get(address), 'bob@acme.com');
    expect(page.html).toContain(BOB.user);
    expect((await browser.submit(page)).html).toContain('bob@acme.com');
    expect(await approvals()).toHaveLength(1);
  });

  it('is approved by bob with a click in Slack, which must be signed', async () => {
    expect(await press('1700000002.000100', 'another secret')).toBe(403);
    expect(await press('1700000003.000100')).toBe(200);
    await until(promotion, ({ status }) => status === 'approved');
    expect(await approvals()).toMatchObject([
      { actor: { email: 'alice@acme.com' } },
      { actor: { email: 'bob@acme.com', via: { channel: 'slack' } } },
    ]);
  });

  it('runs at the time for which it was scheduled', async () => {
    const at = new Date(Date.now() + AHEAD).toISOString();
    const scheduled = await dev.post(`${path}/schedule`, { at });
    expect(scheduled.body).toMatchObject({ status: 'scheduled', scheduled_at: at });
    await runtime.advanceClock(AHEAD);
    const done = await until(promotion, ({ status }) => status === 'completed');
    expect(Date.parse(done.completed_at)).toBeGreaterThanOrEqual(Date.parse(at));
  });

  it('tells each of these steps in its timeline', async () => {
    expect((await timeline()).map(({ type }) => type)).toEqual([
      'PromotionRequested',
      'PromotionAssessed',
      'ApprovalGranted',
      'ApprovalGranted',
      'PromotionApproved',
      'PromotionScheduled',
      'ExecutionRequested',
      'ExecutionStarted',
      'PromotionCompleted',
    ]);
  });

  it('takes the buttons off its message in Slack once it is decided', async () => {
    const [message] = await until(
      async () =>
        [...slack.messages.values()].filter((each) => !JSON.stringify(each).includes('sluice_approve')),
      ({ length }) => length > 0,
    );
    expect(JSON.stringify(message)).toContain('agent-1');
  });
});

/** What the inbox shows of the first mail to somebody, as the frame holds it; empty when there is none yet. */
async function mailTo(address: string): Promise<string> {
  const { html } = await new Browser().get(`${runtime.url}/_local/inbox`);
  return html.split('<article').findLast((each) => each.includes(`To ${address}`)) ?? '';
}

/** Signs in as somebody by the identity provider's page, from wherever a page leads there. */
async function signedIn(browser: Browser, page: Page, person: string): Promise<Page> {
  const way = page.links.find((each) => each.startsWith('/sign-in'));
  const provider = way === undefined ? page : await browser.get(new URL(way, page.url).href);
  return browser.submit(provider, { person });
}

/** Bob presses "Approve" on the newest message that has it; the body is signed as Slack signs it. */
async function press(at: string, secret = SIGNING_SECRET): Promise<number> {
  const [ts, message] = await until(
    async () =>
      [...slack.messages].findLast(([, each]) => JSON.stringify(each).includes('sluice_approve')) ?? [],
    ([, found]) => found !== undefined,
  );
  const buttons = message.blocks.flatMap(({ elements = [] }: Body) => elements);
  const button = buttons.find(({ action_id }: Body) => action_id === 'sluice_approve');
  const body = interaction(pressed(button, BOB, { at, ts: ts ?? '' }));
  const headers = slackHeaders(secret, body, Math.floor(Date.now() / 1000));
  return (await fetch(`${runtime.url}/slack/interactions`, { method: 'POST', headers, body })).status;
}
