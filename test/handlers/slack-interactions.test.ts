import { beforeEach, describe, expect, it } from 'vitest';
import { formFor } from '../../functions/adapters/slack/form.ts';
import { offerText } from '../../functions/adapters/slack/offer.ts';
import { contentOf } from '../support/promotion-facts.ts';
import { interaction, pressed, slackHeaders, submitted } from '../support/slack.ts';
import { appChannel } from '../support/slack-channels.ts';
import { ACME, createWorld, SLACK_SECRET, START, type World } from './api-world.ts';

const who = { team: 'T1', user: 'U1' };
const offer = { tenant: ACME, channel: appChannel.id, promotion: 'prom-1', manifest_digest: contentOf('m') };
const value = offerText(offer);
const NOW = Date.parse(START) / 1000;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  const entry = { type: 'channel', item: appChannel } as const;
  await world.commit(ACME, { write: 'catalog', entry, expected: 0 });
});

type Change = {
  readonly secret?: string;
  readonly at?: number;
  readonly headers?: Record<string, string>;
  readonly base64?: boolean;
};

function say(
  payload: object,
  { secret = SLACK_SECRET, at = NOW, headers = {}, base64 = false }: Change = {},
) {
  const body = interaction(payload);
  const signed = { ...slackHeaders(secret, body, at), ...headers };
  return world.send({ method: 'POST', path: '/slack/interactions', headers: signed, body, base64 });
}

const press = (action_id: string) =>
  pressed({ action_id, value }, who, { response_url: 'https://hooks.slack.com/x' });

describe('a button that Slack says was pressed', () => {
  it.each([false, true])('is put into the queue, and taken without a word (base64: %s)', async (base64) => {
    expect(await say(press('sluice_approve'), { base64 })).toMatchObject({ status: 200, body: null });
    expect(world.clicks).toMatchObject([{ ...who, offer, decision: 'approve', place: 'C1' }]);
    expect(world.forms).toEqual([]);
  });

  it.each(['sluice_reject', 'sluice_request_changes', 'sluice_approve_with_comment'])(
    '(%s) opens a form first, and waits for its text',
    async (action_id) => {
      expect((await say(press(action_id))).status).toBe(200);
      expect(world.forms).toHaveLength(1);
      expect(world.clicks).toEqual([]);
    },
  );

  it('goes to the queue without a text when Slack does not open the form, to be answered in words', async () => {
    world.opened = { outcome: 'again', reason: 'no_answer' };
    expect((await say(press('sluice_reject'))).status).toBe(200);
    expect(world.clicks).toMatchObject([{ decision: 'reject' }]);
    expect(world.clicks[0]).not.toHaveProperty('text');
  });

  it('is nothing more than acknowledged when it opened an address', async () => {
    expect((await say(press('sluice_link'))).status).toBe(200);
    expect([world.clicks, world.forms]).toEqual([[], []]);
  });

  it('is 503 when the queue does not take it: Slack tells the person', async () => {
    world.queueBroken = true;
    expect(await say(press('sluice_approve'))).toMatchObject({ status: 503 });
  });
});

describe('a form that was sent', () => {
  it('is put into the queue with its text, and closed', async () => {
    const view = formFor({ ...who, app: 'A1', id: '1', offer, decision: 'reject' });
    expect(await say(submitted(view, who, 'too early'))).toMatchObject({ status: 200, body: null });
    expect(world.clicks).toMatchObject([{ decision: 'reject', text: 'too early' }]);
  });
});

describe('what is not believed', () => {
  const approve = press('sluice_approve');
  const foreign = { ...offer, tenant: 'globex' };

  it.each<[string, object, Change]>([
    ['signed with another secret', approve, { secret: 'guess' }],
    ['not signed', approve, { headers: { 'x-slack-signature': '' } }],
    ['without a time', approve, { headers: { 'x-slack-request-timestamp': '' } }],
    ['older than five minutes', approve, { at: NOW - 301 }],
    ['from the future', approve, { at: NOW + 301 }],
    ['replayed with a new time', approve, { headers: { 'x-slack-request-timestamp': String(NOW + 1) } }],
    ['of another team', pressed({ action_id: 'sluice_approve', value }, { team: 'T2', user: 'U1' }), {}],
    ['about a foreign tenant', pressed({ action_id: 'sluice_approve', value: offerText(foreign) }, who), {}],
    [
      'about a channel that is none',
      pressed({ action_id: 'sluice_approve', value: offerText({ ...offer, channel: 'x' }) }, who),
      {},
    ],
    ['of another app’s button', pressed({ action_id: 'other', value }, who), {}],
    ['nothing', {}, {}],
  ])('is %s: all alike refused, and nothing comes of it', async (_, payload, change) => {
    const answer = await say(payload, change);
    expect(answer).toMatchObject({ status: 403, body: { code: 'not_authorized' } });
    expect(answer.body.detail).toBe('this is signed by no Slack app of a channel here');
    expect([world.clicks, world.forms]).toEqual([[], []]);
  });

  it('is in no log: neither secret, nor body, nor response URL', async () => {
    await say(approve);
    await say(approve, { secret: 'guess' });
    const logged = JSON.stringify(world.log.lines);
    for (const word of [SLACK_SECRET, 'hooks.slack.com', 'payload', 'sluice_approve']) {
      expect(logged).not.toContain(word);
    }
  });
});
