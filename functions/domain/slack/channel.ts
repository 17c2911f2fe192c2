import type { Channel, ChannelOf } from '../notification/channel.ts';

/** A channel whose Slack app is its own: its messages have buttons. */
export type SlackAppChannel = Extract<ChannelOf<'slack'>, { readonly mode: 'app' }>;

/** Whether a channel has a Slack app. */
export function isAppChannel(channel: Channel | undefined): channel is SlackAppChannel {
  return channel?.type === 'slack' && channel.mode === 'app';
}
