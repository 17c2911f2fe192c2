import type { ChannelOf } from '../../domain/notification/channel.ts';
import type { Notice } from '../../domain/notification/notice.ts';
import { waitsForApproval } from '../../domain/notification/notice.ts';
import type { SlackAppChannel } from '../../domain/slack/channel.ts';
import type { Sender, Sent } from '../../ports/sender.ts';
import type { SlackMessage } from '../../ports/slack-messages.ts';
import { callAs, type SlackDeps, secretOf, slackApp, updated } from './app.ts';
import { approvalMessage } from './approval-message.ts';
import type { Message } from './blocks.ts';
import { driftMessage } from './drift-message.ts';
import { noticeMessage } from './notice-message.ts';
import { callHook, type SlackAnswer } from './web-api.ts';

/** Milliseconds for a webhook. */
const PATIENT = 10_000;

/**
 * Errors by which a receiver says that it is gone for good: the app was removed, or the channel archived or deleted
 * (docs.slack.dev, chat.postMessage and incoming webhooks).
 */
const GONE: readonly string[] = [
  'account_inactive',
  'channel_is_archived',
  'is_archived',
  'no_service',
  'no_team',
  'team_disabled',
  'token_revoked',
];
/** Errors that a person mends, by a secret, a scope or an invitation of the bot: tried again until then. */
const MENDED: readonly string[] = [
  'bot_token_not_readable',
  'channel_not_found',
  'invalid_auth',
  'missing_scope',
  'not_authed',
  'not_in_channel',
  'token_expired',
  'webhook_url_not_readable',
];

/**
 * Tells Slack. An incoming webhook is told each notice. An app asks for approval in a message with buttons, keeps that message up to
 * date, and tells what follows in its thread. A notice that is sent again updates again, and may post its line a second time.
 */
export function slackSender(deps: SlackDeps): Sender<ChannelOf<'slack'>> {
  return {
    async send(channel, notice) {
      if (channel.mode === 'app') return sendAsApp(deps, channel, notice);
      return sentOf(await callIncoming(deps, channel, noticeMessage(notice)));
    },

    async drift(channel, notice) {
      const body = driftMessage(notice);
      if (channel.mode === 'app') return sentOf(await post(deps, channel, body));
      return sentOf(await callIncoming(deps, channel, body));
    },

    async updateMessage(channel, promotion) {
      if (channel.mode !== 'app') return { outcome: 'delivered' };
      const refreshed = await slackApp(deps).refresh(channel, promotion);
      switch (refreshed.outcome) {
        case 'done':
          return { outcome: 'delivered' };
        case 'again':
          return { ...refreshed, outcome: 'retry' };
        case 'refused':
          return refreshed;
        default:
          return refreshed satisfies never;
      }
    },
  };
}

async function callIncoming(
  deps: SlackDeps,
  { tenant, url_ref }: Extract<ChannelOf<'slack'>, { readonly mode: 'incoming_webhook' }>,
  body: Message,
): Promise<SlackAnswer> {
  const url = await secretOf(deps.secrets, tenant, url_ref);
  if (url === undefined) return { answer: 'no', error: 'webhook_url_not_readable' };
  return await callHook(deps.egress, deps.place, { url, body, timeout_ms: PATIENT });
}

async function sendAsApp(deps: SlackDeps, channel: SlackAppChannel, notice: Notice): Promise<Sent> {
  const { tenant, promotion } = notice;
  const known = await deps.messages.read(tenant, channel.id, promotion.id);
  const standing = approvalMessage(promotion, channel.id);
  const asks = notice.asks_approval && waitsForApproval(promotion) && known?.notice !== notice.id;
  if (asks) return ask(deps, channel, notice, standing, known);
  if (known !== undefined) {
    const update = await updated(deps, channel, known, standing);
    if (update.outcome === 'again') return { ...update, outcome: 'retry' };
  }
  if (known?.notice === notice.id) return { outcome: 'delivered', reference: known.ts };
  const thread = known === undefined ? {} : { thread_ts: known.ts };
  return sentOf(await post(deps, channel, { ...noticeMessage(notice), ...thread }));
}

/** A new message, since a changed one rings nowhere; the one before loses its buttons. */
async function ask(
  deps: SlackDeps,
  channel: SlackAppChannel,
  { id, tenant, promotion, event }: Notice,
  message: Message,
  before: SlackMessage | undefined,
): Promise<Sent> {
  const answer = await post(deps, channel, message);
  if (answer.answer !== 'ok') return sentOf(answer);
  if (answer.ts === undefined || answer.channel === undefined) return { outcome: 'delivered' };
  const made = { place: answer.channel, ts: answer.ts, notice: id, at: event.at };
  await deps.messages.write(tenant, channel.id, promotion.id, made);
  if (before !== undefined) {
    const blocks = message.blocks.filter(({ type }) => type !== 'actions');
    await updated(deps, channel, before, { ...message, blocks });
  }
  return { outcome: 'delivered', reference: answer.ts };
}

const post = (deps: SlackDeps, channel: SlackAppChannel, message: object): Promise<SlackAnswer> =>
  callAs(deps, channel, 'chat.postMessage', {
    channel: channel.channel_id,
    unfurl_links: false,
    unfurl_media: false,
    ...message,
  });

function sentOf(answer: SlackAnswer): Sent {
  switch (answer.answer) {
    case 'ok':
      return answer.ts === undefined
        ? { outcome: 'delivered' }
        : { outcome: 'delivered', reference: answer.ts };
    case 'later': {
      const { error: reason, after_seconds } = answer;
      return { outcome: 'retry', reason, ...(after_seconds === undefined ? {} : { after_seconds }) };
    }
    case 'no':
      if (GONE.includes(answer.error)) return { outcome: 'gone', reason: answer.error };
      return { outcome: MENDED.includes(answer.error) ? 'retry' : 'refused', reason: answer.error };
    default:
      return answer satisfies never;
  }
}
