import * as z from 'zod/mini';
import { Instant } from '../domain/fields.ts';
import { email, slackApp, slackWebhook, webhook } from '../domain/notification/channel.ts';
import { SEVERITIES } from '../domain/notification/notice.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';
import { resource } from './resource.ts';

/** Notification channels: where a tenant is told of its promotions. */

export const NewChannel = z.discriminatedUnion('type', [
  email.body,
  webhook.body,
  z.discriminatedUnion('mode', [slackWebhook.body, slackApp.body]),
]);

export const ChannelView = z.union([email.view, webhook.view, slackWebhook.view, slackApp.view]);
export type ChannelView = z.infer<typeof ChannelView>;

/** How a notice went, by its last attempt. */
export const DeliveryView = z.strictObject({
  notice_id: z.string(),
  promotion_id: z.string(),
  seq: z.int(),
  event_at: Instant,
  event: z.string(),
  severity: z.enum(SEVERITIES),
  environment: z.string(),
  outcome: z.enum(['delivered', 'retry', 'given_up', 'refused', 'gone']),
  reason: z.nullable(z.string()),
  reference: z.nullable(z.string()),
  attempts: z.int(),
  at: Instant,
});
export type DeliveryView = z.infer<typeof DeliveryView>;

const base = { tag: 'notification channels', body: EMPTY, query: EMPTY } as const;
const one = '/api/v1/notification-channels/{id}';

/** A channel keeps its type. */
export const channels = resource({
  tag: 'notification channels',
  words: 'a notification channel',
  path: '/api/v1/notification-channels',
  key: 'id',
  operations: {
    create: 'createNotificationChannel',
    list: 'listNotificationChannels',
    get: 'getNotificationChannel',
    replace: 'updateNotificationChannel',
    remove: 'deleteNotificationChannel',
  },
  body: NewChannel,
  fixed: ['type', 'mode'],
  view: ChannelView,
  errors: ['unknown_environment'],
  unpaged: true,
});

export const testChannel = endpoint({
  ...base,
  method: 'POST',
  path: `${one}/test`,
  operation: 'testNotificationChannel',
  summary: 'Sends a sample at once and answers what happened; mail for approvers goes to the caller',
  response: z.strictObject({
    outcome: z.enum(['delivered', 'retry', 'refused', 'gone']),
    reason: z.nullable(z.string()),
    reference: z.nullable(z.string()),
  }),
  status: [200],
  errors: [],
});

export const listDeliveries = endpoint({
  ...base,
  method: 'GET',
  path: `${one}/deliveries`,
  operation: 'listNotificationDeliveries',
  summary: 'How the notices of the last 30 days went, newest event first',
  query: z.strictObject(PAGE),
  response: listOf(DeliveryView),
  status: [200],
  errors: [],
});
