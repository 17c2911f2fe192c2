import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offerText } from '../../functions/adapters/slack/offer.ts';
import { isDigest } from '../../functions/domain/digest.ts';
import { Api, type Body, until } from '../support/api.ts';
import { newDataDir, type Runtime, startRuntime } from '../support/runtime.ts';
import { interaction, pressed, SlackServer, slackHeaders } from '../support/slack.ts';
import { WebBrowser } from '../support/web-browser.ts';

const TENANT = '550e8400-e29b-41d4-a716-446655440000';
const CHANNELS = '/api/v1/notification-channels';
const ALICE = { team: 'T1', user: 'UALICE' };
const SIGNING = 'the signing secret of the real app';
/** Every receiver of the webhook knows it, and the admin too. */
const WEBHOOK = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
/** The signing secret of an app that the admin made. */
const FORGED = 'the signing secret of the admin’s own app';

let runtime: Runtime;
let slack: SlackServer;
let dev: Api;
let alice: Api;
let admin: Api;
let promotion: Body;
let real: string;

beforeAll(async () => {
  slack = await SlackServer.start();
  const dataDir = await newDataDir();
  const secrets = {
    [`sluice/${TENANT}/slack/bot`]: slack.token,
    [`sluice/${TENANT}/slack/signing`]: SIGNING,
    [`sluice/${TENANT}/slack/forged`]: FORGED,
    [`sluice/${TENANT}/webhook/all`]: WEBHOOK,
  };
  await writeFile(join(dataDir, 'secrets.json'), JSON.stringify(secrets));
  runtime = await startRuntime({ SLUICE_SLACK_API_URL: slack.api }, { dataDir });
  dev = new Api(runtime.url, await runtime.token('dev@acme.com'));
  alice = new Api(runtime.url, await runtime.token('alice@acme.com'));
  admin = new Api(runtime.url, await runtime.token('admin@acme.com'));
  for (const environment of ['staging', 'production'])
    await admin.post('/api/v1/gateways', { id: `gw-${environment}`, environment, driver: 'record' });
  real = (await created(`sluice/${TENANT}/slack/signing`)).body.id;
  const deployment = { id: 'dep-1', agent_id: 'agent-1', gateway_id: 'gw-staging', environment: 'staging' };
  await dev.post('/api/v1/deployments', deployment);
  const body = {
    agent_id: 'agent-1',
    source_deployment_id: 'dep-1',
    target_gateway_id: 'gw-production',
    target_environment: 'production',
  };
  promotion = (await dev.post('/api/v1/promotions', body)).body;
  await until(current, ({ waiting_for }) => waiting_for === 'approval');
});
afterAll(async () => {
  await runtime?.stop();
  await slack?.stop();
});

const current = async (): Promise<Body> => (await dev.get(`/api/v1/promotions/${promotion.id}`)).body;

const created = (signing_secret_ref: string) =>
  admin.post(CHANNELS, {
    name: 'releases',
    type: 'slack',
    mode: 'app',
    team_id: ALICE.team,
    channel_id: 'C1',
    bot_token_ref: `sluice/${TENANT}/slack/bot`,
    signing_secret_ref,
  });

/** A click on "Approve" as alice, made for a channel and signed with a secret. */
async function click(channel: string, secret: string, { at = '1.1', app = 'A1' } = {}): Promise<number> {
  const { manifest_digest } = await current();
  if (!isDigest(manifest_digest)) throw new Error('The promotion has no digest yet.');
  const value = offerText({ tenant: TENANT, channel, promotion: promotion.id, manifest_digest });
  const body = interaction(pressed({ action_id: 'sluice_approve', value }, ALICE, { at, app }));
  const headers = slackHeaders(secret, body, Math.floor(Date.now() / 1000));
  return (await fetch(`${runtime.url}/slack/interactions`, { method: 'POST', headers, body })).status;
}

/** The address that the app last told alice to link her Slack user at, once it told her so often. */
async function invitation(times: number): Promise<string> {
  const told = await until(
    async () => slack.of('chat.postEphemeral'),
    ({ length }) => length >= times,
  );
  return /(\/slack\/link\/[^"\\]+)/.exec(JSON.stringify(told.at(-1)))?.[1] ?? '';
}

describe('an admin who wants to approve as alice', () => {
  it('finds her linked through the real app', async () => {
    expect(await click(real, SIGNING)).toBe(200);
    const path = await invitation(1);
    const browser = new WebBrowser(runtime.url);
    await browser.signIn('alice@acme.com', path);
    expect((await browser.post(path, { csrf: browser.formToken() })).status).toBe(200);
    const links = (await alice.get('/api/v1/slack-links')).body.items;
    expect(links).toMatchObject([{ apps: [{ notification_channel: real, app_id: 'A1' }] }]);
  });

  it('may not name the secret of the webhook as a signing secret, in a new channel or in the real one', async () => {
    const ref = `sluice/${TENANT}/webhook/all`;
    const webhook = { name: 'ci', type: 'webhook', url: 'https://ci.example.com/', secret_ref: ref };
    expect((await admin.post(CHANNELS, webhook)).status).toBe(201);
    expect(await created(ref)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'signing_secret_ref' }] },
    });
    expect((await admin.patch(`${CHANNELS}/${real}`, { signing_secret_ref: ref })).status).toBe(400);
    expect(await click(real, WEBHOOK, { at: '1.2' })).toBe(403);
  });

  it('is a stranger with an app of their own, though its signature is right', async () => {
    const forged = await created(`sluice/${TENANT}/slack/forged`);
    expect(forged.status).toBe(201);
    expect(await click(forged.body.id, FORGED, { at: '1.3' })).toBe(200);
    await invitation(2);
    expect((await current()).status).toBe('pending');
  });

  it('ends her link when they give the real channel their own signing secret', async () => {
    const change = { signing_secret_ref: `sluice/${TENANT}/slack/forged` };
    expect((await admin.patch(`${CHANNELS}/${real}`, change)).status).toBe(200);
    expect(await click(real, FORGED, { at: '1.4' })).toBe(200);
    await invitation(3);
    expect((await current()).status).toBe('pending');
    const events = (await dev.get(`/api/v1/promotions/${promotion.id}/timeline`)).body.items;
    expect(events.map(({ type }: Body) => type)).not.toContain('ApprovalGranted');
  });
});
