import type { SkippedChannel } from '../../ports/backoff-windows.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import { id, instant, type Key, ordinal, scope } from './key-parts.ts';

const channelPartition = ({ tenant, channel_id }: SkippedChannel): string =>
  `${scope(tenant)}CHANNEL#${id(channel_id)}`;

/** Until when a channel is left alone. */
export const backoffKey = (channel: SkippedChannel): Key => ({ PK: channelPartition(channel), SK: 'REST' });

/** How far a channel was told of a promotion. */
export const deliveryCursorKey = (ref: DeliveryRef): Key => ({
  PK: channelPartition(ref),
  SK: `CURSOR#${id(ref.promotion_id)}`,
});

/** Which receivers of a channel were told of one event. */
export const toldKey = (ref: DeliveryRef, seq: number): Key => ({
  PK: channelPartition(ref),
  SK: `TOLD#${id(ref.promotion_id)}#${ordinal(seq)}`,
});

export const deliveriesPartition = (tenant: string, channel: string): string =>
  `${scope(tenant)}DELIVERIES#${id(channel)}`;
/** By the event's instant: an attempt finds the one before it, and a list is in the order of what happened. */
export const deliveryKey = (ref: DeliveryRef, event: { event_at: string; seq: number }): Key => ({
  PK: deliveriesPartition(ref.tenant, ref.channel_id),
  SK: `${instant(event.event_at)}#${id(ref.promotion_id)}#${ordinal(event.seq)}`,
});
