import type { Channel, ChannelOf } from '../../domain/notification/channel.ts';
import type { DriftNotice } from '../../domain/notification/drift-notice.ts';
import type { Notice } from '../../domain/notification/notice.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { Sender, Sent } from '../../ports/sender.ts';

/** A way to the receivers of each type of channel. */
export type Senders = {
  readonly email: Sender<ChannelOf<'email'>>;
  readonly webhook: Sender<ChannelOf<'webhook'>>;
  readonly slack: Sender<ChannelOf<'slack'>>;
};

/** Tells a notice to a channel's receiver by the way of its type. */
export async function send(senders: Senders, channel: Channel, notice: Notice): Promise<Sent> {
  switch (channel.type) {
    case 'email':
      return senders.email.send(channel, notice);
    case 'webhook':
      return senders.webhook.send(channel, notice);
    case 'slack':
      return senders.slack.send(channel, notice);
    default:
      return unreachable(channel);
  }
}

/** Tells a channel's receiver of drift by the way of its type. */
export async function sendDrift(senders: Senders, channel: Channel, notice: DriftNotice): Promise<Sent> {
  switch (channel.type) {
    case 'email':
      return senders.email.drift(channel, notice);
    case 'webhook':
      return senders.webhook.drift(channel, notice);
    case 'slack':
      return senders.slack.drift(channel, notice);
    default:
      return unreachable(channel);
  }
}
