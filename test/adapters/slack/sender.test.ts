import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { httpsEgress } from '../../../functions/adapters/egress/https.ts';
import { offerOf } from '../../../functions/adapters/slack/offer.ts';
import { slackSender } from '../../../functions/adapters/slack/sender.ts';
import { standIn } from '../../../functions/adapters/slack/web-api.ts';
import type { SecretUse } from '../../../functions/domain/catalog/own-secret.ts';
import { Fault } from '../../../functions/domain/faults.ts';
import { type Notice, noticesOf } from '../../../functions/domain/notification/notice.ts';
import type { Command } from '../../../functions/domain/promotion/commands.ts';
import { by, promotionAfter, type Step } from '../../support/decider-specification.ts';
import { memorySlackMessages } from '../../support/memory/slack.ts';
import { alice, asks } from '../../support/promotion-facts.ts';
import { SlackServer } from '../../support/slack.ts';
import { appChannel, webhookChannel } from '../../support/slack-channels.ts';

let slack: SlackServer;
beforeEach(async () => {
  slack = await SlackServer.start();
});
afterEach(() => slack.stop());

const ASKED = [asks.request()];
const APPROVED = [...ASKED, by(alice, asks.approve())];

/** The notices of a promotion, which stands as it did after `now` steps. */
function notices(...steps: (Step | Command)[]): readonly Notice[] {
  const { state, events } = promotionAfter(...steps);
  return noticesOf(events, state);
}

/** The notice that asked for approval, told while the promotion stands as those steps led to. */
function asking(...steps: (Step | Command)[]): Notice {
  const found = notices(...steps).find(({ asks_approval }) => asks_approval);
  if (found === undefined) throw new Error('nothing asks for approval');
  return found;
}

const newest = (...steps: (Step | Command)[]): Notice => notices(...steps).at(-1) ?? asking(...steps);

function sender(secrets: Record<string, string | Fault> = {}) {
  const kept: Record<string, string | Fault> = {
    'sluice/acme/slack/bot': `${slack.token}\n`,
    'sluice/acme/slack/hook': `${slack.origin}/services/T1/B1/x`,
    ...secrets,
  };
  const messages = memorySlackMessages();
  const deps = {
    egress: httpsEgress({ allowLoopback: true }),
    place: standIn(slack.api),
    messages,
    secrets: {
      async read(_: SecretUse, ref: string) {
        const secret = kept[ref];
        if (secret instanceof Fault) throw secret;
        return secret;
      },
    },
  };
  return slackSender(deps);
}

const actionsOf = (message: ReturnType<typeof JSON.parse>) =>
  message.blocks.filter(({ type }: { type: string }) => type === 'actions');

describe('a change that went past Sluice', () => {
  it('is told by both kinds of channel, its texts without markup', async () => {
    const drift = {
      ...{ id: 'drift-1', tenant: 'acme', environment: 'staging', name: 'platform', recorded: null },
      kind: 'artifact',
      observed: { as: 'image_tag', value: '<!channel> *v9*' },
      ...{ at: '2026-11-21T09:00:00.000Z', by: 'mach-ci' },
    } as const;
    expect(await sender().drift(appChannel, drift)).toMatchObject({ outcome: 'delivered' });
    const [message] = slack.of('chat.postMessage');
    expect(message.channel).toBe(appChannel.channel_id);
    expect(JSON.stringify(message)).toContain('is not recorded');
    expect(JSON.stringify(message)).not.toContain('<!channel>');
    expect(await sender().drift(webhookChannel, drift)).toMatchObject({ outcome: 'delivered' });
    const unreadable = sender({ 'sluice/acme/slack/hook': '' });
    expect((await unreadable.drift(webhookChannel, drift)).outcome).not.toBe('delivered');
  });
});

describe('an app', () => {
  it('asks for approval with buttons that name the manifest, in the channel it was told', async () => {
    const notice = asking(...ASKED);
    expect(await sender().send(appChannel, notice)).toEqual({
      outcome: 'delivered',
      reference: '1700000000.000001',
    });
    const [message] = slack.of('chat.postMessage');
    expect(message.channel).toBe(appChannel.channel_id);
    const [{ elements }] = actionsOf(message);
    expect(offerOf(elements[0].value)).toMatchObject({
      channel: appChannel.id,
      promotion: notice.promotion.id,
      manifest_digest: notice.promotion.seal.manifest_digest,
    });
  });

  it('changes that message when it is decided, and says so in its thread', async () => {
    const telling = sender();
    await telling.send(appChannel, asking(...ASKED));
    await telling.send(appChannel, newest(...APPROVED));
    const [[ts, message] = ['', undefined]] = [...slack.messages];
    expect(actionsOf(message)).toEqual([]);
    expect(message.text).toContain('It is approved by alice@acme.com.');
    expect(slack.of('chat.postMessage')[1]).toMatchObject({ thread_ts: ts });
  });

  it('posts the request once, however often it is told of it', async () => {
    const telling = sender();
    for (let time = 0; time < 3; time += 1) await telling.send(appChannel, asking(...ASKED));
    expect(slack.of('chat.postMessage')).toHaveLength(1);
  });

  it('shows no buttons for what is decided by the time it is told', async () => {
    await sender().send(appChannel, asking(...APPROVED));
    expect(actionsOf(slack.of('chat.postMessage')[0])).toEqual([]);
  });

  it('asks anew when approval is asked for again, and takes the buttons from the old message', async () => {
    const telling = sender();
    const again = [...ASKED, by(alice, asks.requestChanges()), asks.resubmit()];
    await telling.send(appChannel, asking(...ASKED));
    const last = notices(...again).findLast(({ asks_approval }) => asks_approval);
    if (last === undefined) throw new Error('nothing asks for approval again');
    await telling.send(appChannel, last);
    const [old, renewed] = [...slack.messages.values()];
    expect(actionsOf(old)).toEqual([]);
    expect(actionsOf(renewed)).toHaveLength(1);
  });

  it('tells of what nobody had to approve in a message of its own', async () => {
    await sender().send(appChannel, newest(...ASKED, asks.cancel()));
    expect(slack.of('chat.postMessage')).toMatchObject([{ text: expect.stringContaining('cancelled') }]);
    expect(slack.of('chat.postMessage')[0]).not.toHaveProperty('thread_ts');
  });

  it('goes on when somebody deleted the message', async () => {
    const telling = sender();
    await telling.send(appChannel, asking(...ASKED));
    slack.messages.clear();
    expect(await telling.send(appChannel, newest(...APPROVED))).toMatchObject({ outcome: 'delivered' });
  });

  it.each([
    ['slows down', { status: 429 }, 'retry', 'rate_limited'],
    ['tries again when Slack is broken', { status: 503 }, 'retry', 'status_503'],
    [
      'tries again when Slack says so in its own words',
      { error: 'internal_error' },
      'retry',
      'internal_error',
    ],
    ['tries again when nobody can read the answer', 'gibberish', 'retry', 'unreadable_answer_200'],
    [
      'tries again when the bot has yet to be invited',
      { error: 'not_in_channel' },
      'retry',
      'not_in_channel',
    ],
    ['gives a channel up that is archived', { error: 'is_archived' }, 'gone', 'is_archived'],
    ['gives a notice up that Slack will not take', { error: 'invalid_blocks' }, 'refused', 'invalid_blocks'],
    ['repeats no words that are none of Slack’s', { error: 'look: a <b>' }, 'refused', 'unknown_error'],
  ] as const)('%s', async (_, mischief, outcome, reason) => {
    slack.mischief.push(mischief);
    expect(await sender().send(appChannel, asking(...ASKED))).toMatchObject({ outcome, reason });
  });

  it('waits as long as Slack says', async () => {
    const telling = sender();
    await telling.send(appChannel, asking(...ASKED));
    for (const notice of [newest(...APPROVED), asking(...ASKED)]) {
      slack.mischief.push({ status: 429, retry_after: 30 });
      expect(await telling.send(appChannel, notice)).toMatchObject({ outcome: 'retry', after_seconds: 30 });
    }
  });

  it('tries again when its token is not there, or cannot be read now, and never says it', async () => {
    const unread = new Fault('Unavailable', 'the secret store did not answer');
    for (const secret of ['xoxb-wrong', '', unread]) {
      const sent = await sender({ 'sluice/acme/slack/bot': secret }).send(appChannel, asking(...ASKED));
      expect(sent).toMatchObject({ outcome: 'retry' });
      expect(JSON.stringify(sent)).not.toContain('xoxb');
    }
  });

  it('sends its token in a header, and in no body', async () => {
    await sender().send(appChannel, asking(...ASKED));
    expect(slack.calls.map(({ token }) => token)).toEqual([slack.token]);
    expect(JSON.stringify(slack.calls.map(({ body }) => body))).not.toContain(slack.token);
  });
});

describe('an incoming webhook', () => {
  it('is told each notice, and gets no buttons', async () => {
    const telling = sender();
    for (const notice of notices(...APPROVED)) {
      expect(await telling.send(webhookChannel, notice)).toEqual({ outcome: 'delivered' });
    }
    expect(slack.calls.map(({ method }) => method)).toContain('/services/T1/B1/x');
    for (const { body } of slack.calls) expect(actionsOf(body)).toEqual([]);
  });

  it('is given up when it was removed, and tried again when Slack says slower', async () => {
    slack.mischief.push({ error: 'no_service' }, { status: 429 });
    const notice = asking(...ASKED);
    expect(await sender().send(webhookChannel, notice)).toEqual({ outcome: 'gone', reason: 'no_service' });
    expect(await sender().send(webhookChannel, notice)).toEqual({ outcome: 'retry', reason: 'rate_limited' });
  });

  it.each([
    'https://hooks.slack.com.evil.example/services/x',
    'https://evil.example/services/x',
    'https://user:pass@hooks.slack.com/services/x',
    'http://hooks.slack.com/services/x',
    'not a url',
  ])('at %s is not called: only Slack’s own host is', async (url) => {
    const telling = slackSender({
      egress: { send: () => Promise.reject(new Error('it was called')) },
      place: { api: 'https://slack.com/api', hooks: 'https://hooks.slack.com' },
      messages: memorySlackMessages(),
      secrets: { read: async () => url },
    });
    const sent = await telling.send(webhookChannel, asking(...ASKED));
    expect(sent).toEqual({ outcome: 'refused', reason: 'not_a_slack_hook' });
  });
});
