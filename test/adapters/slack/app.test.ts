import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { slackApp } from '../../../functions/adapters/slack/app.ts';
import { SLACK, standIn } from '../../../functions/adapters/slack/web-api.ts';
import type { SlackClick } from '../../../functions/domain/slack/click.ts';
import type { Egress, EgressRequest } from '../../../functions/ports/egress.ts';
import { promotionAfter } from '../../support/decider-specification.ts';
import { memorySlackMessages } from '../../support/memory/slack.ts';
import { contentOf } from '../../support/promotion-facts.ts';
import { PLACES } from '../../support/promotions.ts';
import { SlackServer } from '../../support/slack.ts';
import { appChannel } from '../../support/slack-channels.ts';

let slack: SlackServer;
beforeEach(async () => {
  slack = await SlackServer.start();
});
afterEach(() => slack.stop());

const messages = memorySlackMessages();
const secrets = { read: async () => slack.token };
const app = (egress: Egress = httpsEgress({ allowLoopback: true })) =>
  slackApp({ egress, place: standIn(slack.api), messages, secrets });

const click: SlackClick = {
  team: 'T1',
  user: 'U1',
  id: '1/2',
  app: 'A1',
  decision: 'reject',
  offer: { tenant: 'acme', channel: 'chan-app', promotion: 'prom-1', manifest_digest: contentOf('x') },
};
const words = { text: 'You <b>', link: { label: 'Link', url: 'https://sluice.example/slack/link/x' } };

describe('a form', () => {
  it('is opened with the trigger of the click', async () => {
    expect(await app().ask(appChannel, click, 'trigger-1')).toEqual({ outcome: 'done' });
    expect(slack.of('views.open')).toMatchObject([{ trigger_id: 'trigger-1' }]);
  });

  it('is not waited for when Slack hangs: a click is answered within three seconds', async () => {
    slack.mischief.push('hang');
    const waits: number[] = [];
    const { send } = httpsEgress({ allowLoopback: true });
    const egress: Egress = {
      send(request) {
        waits.push(request.timeout_ms);
        return send(request);
      },
    };
    expect(await app(egress).ask(appChannel, click, 'trigger-1')).toEqual({
      outcome: 'again',
      reason: 'no_answer',
    });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThanOrEqual(2_500);
  });

  it('is refused when its trigger is too old', async () => {
    slack.mischief.push({ error: 'expired_trigger_id' });
    expect(await app().ask(appChannel, click, 'x')).toEqual({
      outcome: 'refused',
      reason: 'expired_trigger_id',
    });
  });
});

describe('an answer', () => {
  const answered = { ...click, response_url: 'set below' };

  it('goes to the URL that came with the click, for that person alone, and escaped', async () => {
    const response_url = `${slack.origin}/actions/T1/1/x`;
    await app().answer(appChannel, { ...answered, response_url }, words);
    expect(slack.calls.map(({ method }) => method)).toEqual(['/actions/T1/1/x']);
    expect(slack.calls[0]?.token).toBeUndefined();
    expect(slack.calls[0]?.body).toMatchObject({
      response_type: 'ephemeral',
      replace_original: false,
      text: 'You &lt;b&gt;',
    });
    expect(JSON.stringify(slack.calls[0]?.body)).toContain(words.link.url);
  });

  it('is the bot’s own when that URL has expired, or there is none', async () => {
    slack.mischief.push({ error: 'expired_url' });
    const response_url = `${slack.origin}/actions/T1/1/x`;
    await app().answer(appChannel, { ...answered, response_url, place: 'C9' }, words);
    await app().answer(appChannel, click, words);
    expect(slack.of('chat.postEphemeral')).toMatchObject([
      { channel: 'C9', user: 'U1' },
      { channel: appChannel.channel_id, user: 'U1' },
    ]);
  });

  it.each(['https://hooks.slack.com.evil.example/x', 'https://evil.example/x', 'http://127.0.0.1:1/x', 'x'])(
    'never goes to %s: only Slack’s own host is answered',
    async (response_url) => {
      const asked: EgressRequest[] = [];
      const egress: Egress = {
        async send(request) {
          asked.push(request);
          return { result: 'unanswered', message: 'nobody is there', late: false, sent: false };
        },
      };
      const deps = { egress, place: SLACK, messages, secrets };
      await slackApp(deps).answer(appChannel, { ...answered, response_url }, words);
      expect(asked.map(({ url }) => url)).toEqual(['https://slack.com/api/chat.postEphemeral']);
    },
  );
});

describe('a message', () => {
  const { state } = promotionAfter(...PLACES.rejected);

  it('says how its promotion stands', async () => {
    slack.messages.set('1.1', {});
    const message = { place: 'C1', ts: '1.1', notice: 'n', at: '2026-11-21T09:00:00.000Z' };
    await messages.write(state.tenant, appChannel.id, state.id, message);
    expect(await app().refresh(appChannel, state)).toEqual({ outcome: 'done' });
    expect(slack.messages.get('1.1')?.text).toContain('It is rejected by alice@acme.com');
  });

  it('that nobody posted is left alone', async () => {
    expect(await app().refresh({ ...appChannel, id: 'another' }, state)).toEqual({ outcome: 'done' });
    expect(slack.calls).toEqual([]);
  });
});
