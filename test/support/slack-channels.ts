import type { ChannelOf } from '../../functions/domain/notification/channel.ts';
import type { SlackAppChannel } from '../../functions/domain/slack/channel.ts';

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
  bot_token_ref: 'sluice/acme/bot',
  signing_secret_ref: 'sluice/acme/signing',
};

/** A channel that can only be told. */
export const webhookChannel: ChannelOf<'slack'> = {
  ...base,
  id: 'chan-hook',
  type: 'slack',
  mode: 'incoming_webhook',
  url_ref: 'sluice/acme/hook',
};
