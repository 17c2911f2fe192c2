import type { ChannelView, DeliveryView } from '../../contract/notification-channels.ts';
import type { Channel } from '../../domain/notification/channel.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { Delivery } from '../../ports/deliveries.ts';

/** A channel as the API shows it. */
export function channelView(channel: Channel): ChannelView {
  const { id, tenant, name, filter, status, created_by, created_at, updated_at, version } = channel;
  const { events, environments, severities } = filter;
  const shown = {
    id,
    organization_id: tenant,
    name,
    filter: { events: open(events), environments: open(environments), severities: open(severities) },
    muted_until: channel.muted_until ?? null,
    status,
    disabled_reason: channel.disabled_reason ?? null,
    created_by,
    created_at,
    updated_at,
    version,
  };
  switch (channel.type) {
    case 'email':
      return {
        ...shown,
        type: channel.type,
        recipients: channel.recipients === 'approvers' ? channel.recipients : [...channel.recipients],
        show_values: channel.show_values ?? false,
      };
    case 'webhook':
      return { ...shown, type: channel.type, url: channel.url, secret_ref: channel.secret_ref };
    case 'slack': {
      const { type } = channel;
      if (channel.mode === 'incoming_webhook') {
        return { ...shown, type, mode: channel.mode, url_ref: channel.url_ref };
      }
      const { mode, team_id, channel_id, bot_token_ref, signing_secret_ref } = channel;
      return { ...shown, type, mode, team_id, channel_id, bot_token_ref, signing_secret_ref };
    }
    default:
      return unreachable(channel);
  }
}

/** How a notice went as the API shows it. */
export function deliveryView({ verb, reason, reference, ...delivery }: Delivery): DeliveryView {
  return { ...delivery, event: verb, reason: reason ?? null, reference: reference ?? null };
}

function open<T>(list: readonly T[] | 'all'): T[] | 'all' {
  return list === 'all' ? list : [...list];
}
