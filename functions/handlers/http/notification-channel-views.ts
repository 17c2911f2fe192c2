import type { ChannelView, DeliveryView } from '../../contract/notification-channels.ts';
import { type Channel, email, slackApp, slackWebhook, webhook } from '../../domain/notification/channel.ts';
import type { Delivery } from '../../ports/deliveries.ts';

/** A channel as the API shows it. */
export function channelView(channel: Channel): ChannelView {
  const { tenant, filter } = channel;
  if (channel.type === 'email') {
    return email.show(tenant, channel, { filter, show_values: channel.show_values ?? false });
  }
  if (channel.type === 'webhook') return webhook.show(tenant, channel, { filter });
  return channel.mode === 'app'
    ? slackApp.show(tenant, channel, { filter })
    : slackWebhook.show(tenant, channel, { filter });
}

/** How a notice went as the API shows it. */
export function deliveryView({ verb, reason, reference, ...delivery }: Delivery): DeliveryView {
  return { ...delivery, event: verb, reason: reason ?? null, reference: reference ?? null };
}
