import * as z from 'zod/mini';
import { NOTICE_NAMES } from '../domain/notification/channel.ts';
import { SEVERITIES } from '../domain/notification/notice.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { EMail, EnvironmentName, Instant, Line, listOf, PAGE } from './fields.ts';

/** Notification channels: where a tenant is told of its promotions (DESIGN section 11). */

const all = z.literal('all');
const Url = z.string().check(z.minLength(1), z.maxLength(2048));
const SecretRef = z.string().check(z.minLength(1), z.maxLength(512));
/** Ids of teams and channels as Slack makes them. */
const SlackId = z.string().check(z.regex(/^[A-Z0-9]{2,32}$/));
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

/** What is absent stays; `muted_until: null` unmutes. A channel keeps its type, and has only what that type has. */
export const ChannelChange = z.strictObject({
  name: z.exactOptional(Line),
  filter: z.exactOptional(Filter),
  muted_until: z.exactOptional(z.nullable(Instant)),
  status: z.exactOptional(status),
  recipients: z.exactOptional(recipients),
  show_values: z.exactOptional(z.boolean()),
  url: z.exactOptional(Url),
  secret_ref: z.exactOptional(SecretRef),
  url_ref: z.exactOptional(SecretRef),
  team_id: z.exactOptional(SlackId),
  channel_id: z.exactOptional(SlackId),
  bot_token_ref: z.exactOptional(SecretRef),
  signing_secret_ref: z.exactOptional(SecretRef),
});
export type ChannelChange = z.infer<typeof ChannelChange>;

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

const base = { tag: 'notification channels', body: EMPTY, query: EMPTY, response: ChannelView } as const;
const one = '/api/v1/notification-channels/{id}';

export const createChannel = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/notification-channels',
  operation: 'createNotificationChannel',
  summary: 'Creates a channel by which people or systems hear of promotions',
  body: NewChannel,
  status: [201],
  errors: ['unknown_environment', 'conflict', 'idempotency_key_reused'],
  idempotent: true,
});

export const listChannels = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/notification-channels',
  operation: 'listNotificationChannels',
  summary: 'Lists the notification channels, all on one page',
  response: listOf(ChannelView),
  status: [200],
  errors: [],
});

export const getChannel = endpoint({
  ...base,
  method: 'GET',
  path: one,
  operation: 'getNotificationChannel',
  summary: 'Reads a notification channel; its ETag is its version',
  status: [200],
  errors: [],
});

export const updateChannel = endpoint({
  ...base,
  method: 'PUT',
  path: one,
  operation: 'updateNotificationChannel',
  summary: 'Changes a notification channel; what is absent stays as it is',
  body: ChannelChange,
  status: [200],
  errors: ['unknown_environment', 'conflict', 'precondition_failed'],
  if_match: true,
});

export const deleteChannel = endpoint({
  method: 'DELETE',
  path: one,
  operation: 'deleteNotificationChannel',
  summary: 'Deletes a notification channel; what is under way to it is dropped',
  tag: 'notification channels',
  body: EMPTY,
  query: EMPTY,
  status: [204],
  errors: ['conflict', 'precondition_failed'],
  if_match: true,
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
