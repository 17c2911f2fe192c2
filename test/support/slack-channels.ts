import type { ChannelOf } from '../../functions/domain/notification/channel.ts';
import type { SlackAppChannel } from '../../functions/domain/slack/channel.ts';
import type { SlackAppIdentity } from '../../functions/domain/slack/click.ts';

const base = {
  tenant: 'acme',
  name: 'releases',
  filter: { events: 'all', environments: 'all', severities: 'all' },
  status: 'active',
  since: '2026-01-01T00:00:00.000Z',
  created_by: 'admin',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  version: 1,
} as const;

/** A channel whose app has buttons. */
export const appChannel: SlackAppChannel = {
  ...base,
  id: 'chan-app',
  type: 'slack',
  mode: 'app',
  team_id: 'T1',
  channel_id: 'C1',
  bot_token_ref: 'sluice/acme/slack/bot',
  signing_secret_ref: 'sluice/acme/slack/signing',
};

/** The app of `appChannel`, as `pressed` says it. */
export const appIdentity: SlackAppIdentity = {
  channel: appChannel.id,
  app: 'A1',
  signing_secret_ref: appChannel.signing_secret_ref,
};

/** A channel that can only be told. */
export const webhookChannel: ChannelOf<'slack'> = {
  ...base,
  id: 'chan-hook',
  type: 'slack',
  mode: 'incoming_webhook',
  url_ref: 'sluice/acme/slack/hook',
};
