import { expect } from 'vitest';
import { Api, until } from '../../support/api.ts';
import type { Runtime } from '../../support/runtime.ts';
import { interaction, pressed, type SlackServer, slackHeaders, submitted } from '../../support/slack.ts';
import { WebBrowser } from '../../support/web-browser.ts';
import { requested } from './requests.ts';
import { ok, TENANT, type World } from './world.ts';

const SIGNING = 'the signing secret of this run';
const WHO = { team: 'T1', user: 'UALICE' };

/** The secrets of a channel's app. */
export const slackSecrets = ({ token }: SlackServer) => ({
  [`sluice/${TENANT}/slack/bot`]: token,
  [`sluice/${TENANT}/slack/signing`]: SIGNING,
});

/** alice is asked in Slack, links her user, approves one promotion by its button and rejects another by its form; then unlinks. */
export async function decideInSlack(world: World, slack: SlackServer): Promise<void> {
  const { admin, alice, runtime } = world;
  const channels = '/api/v1/notification-channels';
  const channel = await ok(
    admin.post(channels, {
      name: 'slack',
      type: 'slack',
      mode: 'app',
      team_id: WHO.team,
      channel_id: 'C1',
      bot_token_ref: `sluice/${TENANT}/slack/bot`,
      signing_secret_ref: `sluice/${TENANT}/slack/signing`,
    }),
  );
  const say = async (payload: object) => {
    const body = interaction(payload);
    // The functions' clock has been moved; Slack's is theirs.
    const headers = slackHeaders(SIGNING, body, await secondsOf(runtime));
    const answer = await fetch(`${runtime.url}/slack/interactions`, { method: 'POST', body, headers });
    expect(answer.status).toBe(200);
  };
  const buttonOf = async (promotion: string, action_id: string) => {
    const id = promotion.split('/').at(-1) ?? '';
    const message = await until(
      async () =>
        [...slack.messages.values()].find(
          ({ blocks }) => JSON.stringify(blocks).includes(id) && JSON.stringify(blocks).includes(action_id),
        ),
      (found) => found !== undefined,
    );
    const { elements } = message.blocks.find(({ type }: { type: string }) => type === 'actions');
    return elements.find((element: { action_id: string }) => element.action_id === action_id);
  };
  const statusOf = async (promotion: string) => (await ok(alice.get(promotion))).status;

  const approved = await requested(world, 'a-slack-yes');
  await say(pressed(await buttonOf(approved, 'sluice_approve'), WHO, { at: '1.1' }));
  const invitation = await until(
    async () => slack.of('chat.postEphemeral').at(-1),
    (answer) => answer !== undefined,
  );
  const path = /"url":"[^"]*(\/slack\/link\/[^"]+)"/.exec(JSON.stringify(invitation))?.[1] ?? '';
  const browser = new WebBrowser(runtime.url);
  expect((await browser.signIn('alice@acme.com', path)).text).toContain('alice@acme.com');
  expect((await browser.post(path, { csrf: browser.formToken() })).status).toBe(200);
  // The first call after that is for the answer or for the message: whichever, the click is tried again.
  slack.mischief.push({ status: 503 });
  await say(pressed(await buttonOf(approved, 'sluice_approve'), WHO, { at: '1.2' }));
  await until(
    () => statusOf(approved),
    (status) => status === 'approved',
  );

  const rejected = await requested(world, 'a-slack-no');
  await say(pressed(await buttonOf(rejected, 'sluice_reject'), WHO, { at: '1.3' }));
  await say(submitted(slack.of('views.open').at(-1).view, WHO, 'too early'));
  await until(
    () => statusOf(rejected),
    (status) => status === 'rejected',
  );
  await until(
    async () => JSON.stringify([...slack.messages.values()]),
    (shown) => shown.includes('It is rejected by alice@acme.com: too early'),
  );

  expect((await ok(alice.get('/api/v1/slack-links'))).items).toHaveLength(1);
  await ok(alice.delete(`/api/v1/slack-links/${WHO.team}`));
  await ok(admin.post(`${channels}/${channel.id}/test`));
  await ok(admin.delete(`${channels}/${channel.id}`));
}

/** Unix seconds by the functions' clock. */
async function secondsOf({ url }: Runtime): Promise<number> {
  const { now } = await ok(new Api(url, 'none').post('/_local/clock', { advance_ms: 0 }));
  return Math.floor(Date.parse(now) / 1000);
}
