import * as z from 'zod/mini';
import {
  type Channel,
  email,
  type NoticeName,
  slackApp,
  slackWebhook,
  webhook,
} from '../../../domain/notification/channel.ts';
import { SEVERITIES } from '../../../domain/notification/notice.ts';
import type { Delivery } from '../../../ports/deliveries.ts';
import { count, maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';

// A newer function may know events that this one does not: such a name only matches nothing here.
const noticeName = z.custom<NoticeName>((value) => typeof value === 'string');
/** A channel, by the form of its type and mode. */
export const channel: z.ZodMiniType<Channel> = z.union([
  email.stored,
  webhook.stored,
  slackWebhook.stored,
  slackApp.stored,
]);

/** How often it was tried is an attribute of its own: two deliverers count at once. */
export const delivery: z.ZodMiniType<Omit<Delivery, 'attempts'>> = exactly<Omit<Delivery, 'attempts'>>()(
  z.looseObject({
    notice_id: text,
    promotion_id: text,
    seq: count,
    event_at: text,
    verb: noticeName,
    severity: z.enum(SEVERITIES),
    environment: text,
    outcome: z.enum(['delivered', 'retry', 'given_up', 'refused', 'gone']),
    reason: maybe(text),
    reference: maybe(text),
    at: text,
  }),
);
