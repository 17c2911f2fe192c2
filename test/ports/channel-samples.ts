import type { Channel } from '../../functions/domain/notification/channel.ts';
import { AT, later } from './samples.ts';

type Base = Omit<Channel, 'type'>;
type TargetOf<C> = C extends Channel ? Omit<C, keyof Base> : never;
/** How a channel reaches its receiver. */
type ChannelTarget = TargetOf<Channel>;

/** A way to reach somebody of every kind. */
export const TARGETS = {
  approvers: { type: 'email', recipients: 'approvers' },
  email: { type: 'email', recipients: ['ops@acme.com', 'oncall@acme.com'] },
  webhook: { type: 'webhook', url: 'https://hooks.acme.com/sluice', secret_ref: 'sluice/acme/webhook/hook' },
  slack_webhook: { type: 'slack', mode: 'incoming_webhook', url_ref: 'sluice/acme/slack/url' },
  slack_app: {
    type: 'slack',
    mode: 'app',
    team_id: 'T024BE7LD',
    channel_id: 'C024BE91L',
    bot_token_ref: 'sluice/acme/slack/bot',
    signing_secret_ref: 'sluice/acme/slack/signing',
  },
} as const satisfies { readonly [name: string]: ChannelTarget };

const base = (tenant: string, id: string): Base => ({
  id,
  tenant,
  name: 'operations',
  filter: { events: 'all', environments: 'all', severities: 'all' },
  status: 'active',
  since: AT,
  created_by: 'admin',
  created_at: AT,
  updated_at: AT,
  version: 1,
});

/** An active channel that hears everything since `AT`, altered. */
export function channel(
  tenant: string,
  id: string,
  target: ChannelTarget = TARGETS.webhook,
  change: Partial<Base> = {},
): Channel {
  return { ...base(tenant, id), ...change, ...target };
}

/** A channel with every member that may be absent. */
export function fullChannel(tenant: string, id: string, version = 1): Channel {
  return channel(tenant, id, TARGETS.slack_app, {
    filter: {
      events: ['approvalrequested', 'failed'],
      environments: ['production'],
      severities: ['critical'],
    },
    muted_until: later(60),
    status: 'disabled',
    disabled_reason: 'the receiver is gone',
    version,
  });
}
