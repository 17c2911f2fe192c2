import * as z from 'zod/mini';
import { EMail, EnvironmentName, Instant, Line } from '../domain/fields.ts';
import { NOTICE_NAMES } from '../domain/notification/channel.ts';
import { SEVERITIES } from '../domain/notification/notice.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';
import { resource } from './resource.ts';

/** Notification channels: where a tenant is told of its promotions. */

const all = z.literal('all');
const Url = z.string().check(z.minLength(1), z.maxLength(2048));
const SecretRef = z.string().check(z.minLength(1), z.maxLength(512));
/** Ids of teams and channels as Slack makes them. */
const SlackId = z.string().check(z.regex(/^[A-Z0-9]{2,32}$/, 'must be an id of Slack, such as C024BE91L'));
const status = z.enum(['active', 'disabled']);
const recipients = z.union([z.literal('approvers'), z.array(EMail).check(z.minLength(1), z.maxLength(50))]);

/** Absent: all. `approvalrequested` is no event of its own: it is whichever makes a promotion wait for approval. */
const Filter = z.strictObject({
  events: z.exactOptional(z.union([all, z.array(z.enum(NOTICE_NAMES)).check(z.maxLength(50))])),
  environments: z.exactOptional(z.union([all, z.array(EnvironmentName).check(z.maxLength(50))])),
  severities: z.exactOptional(z.union([all, z.array(z.enum(SEVERITIES)).check(z.maxLength(3))])),
});

const said = {
  name: Line,
  filter: z.exactOptional(Filter),
  /** What happens before is not told, then or later. */
  muted_until: z.exactOptional(Instant),
  status: z.exactOptional(status),
};
/** `show_values`: mails that ask for approval show values of configuration beside their keys. */
const email = { type: z.literal('email'), recipients, show_values: z.exactOptional(z.boolean()) };
/** Secrets are named, never given: `secret_ref` holds one or more `whsec_…` of Standard Webhooks. */
const webhook = { type: z.literal('webhook'), url: Url, secret_ref: SecretRef };
const slackWebhook = { type: z.literal('slack'), mode: z.literal('incoming_webhook'), url_ref: SecretRef };
const slackApp = {
  type: z.literal('slack'),
  mode: z.literal('app'),
  team_id: SlackId,
  channel_id: SlackId,
  bot_token_ref: SecretRef,
  signing_secret_ref: SecretRef,
};

export const NewChannel = z.discriminatedUnion('type', [
  z.strictObject({ ...said, ...email }),
  z.strictObject({ ...said, ...webhook }),
  z.discriminatedUnion('mode', [
    z.strictObject({ ...said, ...slackWebhook }),
    z.strictObject({ ...said, ...slackApp }),
  ]),
]);
export type NewChannel = z.infer<typeof NewChannel>;

const shown = {
  id: z.string(),
  organization_id: z.string(),
  name: z.string(),
  filter: z.strictObject({
    events: z.union([all, z.array(z.string())]),
    environments: z.union([all, z.array(z.string())]),
    severities: z.union([all, z.array(z.enum(SEVERITIES))]),
  }),
  muted_until: z.nullable(Instant),
  status,
  disabled_reason: z.nullable(z.string()),
  created_by: z.string(),
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
};

/** References are names of secrets, not secrets. */
export const ChannelView = z.union([
  z.strictObject({ ...shown, ...email }),
  z.strictObject({ ...shown, ...webhook }),
  z.strictObject({ ...shown, ...slackWebhook }),
  z.strictObject({ ...shown, ...slackApp }),
]);
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
