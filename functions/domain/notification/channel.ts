import * as z from 'zod/mini';
import { EMail, EnvironmentName, Instant, Line } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';
import { SEVERITIES } from './notice.ts';
import { VERBS, type Verb } from './verb.ts';

/**
 * What a filter may name: an event's verb, the moment at which a promotion begins to wait for approval, whatever event that was, or a
 * change that went past Sluice.
 */
export type NoticeName = Verb | 'approvalrequested' | 'driftdetected';
export const NOTICE_NAMES: readonly NoticeName[] = [
  ...Object.values(VERBS),
  'approvalrequested',
  'driftdetected',
];

const all = z.literal('all');
const words = {
  events: z.describe(
    'Names of events, or `all`, also those to come; `approvalrequested` is whichever makes a promotion wait for approval.',
  ),
  environments: z.describe('Targets of promotions, by name or alias, or `all`.'),
  severities: z.describe('Severities, or `all`.'),
  filter: z.describe('What it hears of; absent: everything.'),
};
const severities = z.union([all, z.array(z.enum(SEVERITIES)).check(z.maxLength(3))]);
const asked = z.strictObject({
  events: z
    ._default(z.union([all, z.array(z.enum(NOTICE_NAMES)).check(z.maxLength(50))]), 'all')
    .check(words.events),
  environments: z
    ._default(z.union([all, z.array(EnvironmentName).check(z.maxLength(50))]), 'all')
    .check(words.environments),
  severities: z._default(severities, 'all').check(words.severities),
});
const shown = z.strictObject({
  events: z.union([all, z.array(z.string())]).check(words.events),
  environments: z.union([all, z.array(z.string())]).check(words.environments),
  severities: severities.check(words.severities),
});
// A newer function may know events that this one does not: such a name only matches nothing here.
const noticeName = z.custom<NoticeName>((value) => typeof value === 'string');
const kept = z.strictObject({ ...shown.shape, events: z.union([all, z.array(noticeName)]) });

const input = {
  name: Line.check(z.describe('What people call it.')),
  filter: z._default(asked, { events: 'all', environments: 'all', severities: 'all' }).check(words.filter),
  muted_until: z
    .exactOptional(Instant)
    .check(z.describe('What happens before this instant is not told, then or later.')),
  status: z
    ._default(z.enum(['active', 'disabled']), 'active')
    .check(z.describe('A `disabled` one is told nothing.')),
};
const managed = {
  id: z.string().check(z.describe('Its id.')),
  tenant: z.string(),
  filter: kept,
  disabled_reason: z
    .exactOptional(z.string())
    .check(z.describe('Why it is disabled, where its receiver asked for that.')),
  created_by: z.string().check(z.describe('The subject who created it.')),
};
/** What happened before is not told: set when it is created, enabled again or unmuted. */
const internal = { since: z.string() };
const computed = { filter: shown.check(words.filter) };
const groups = { managed, internal, computed };

/** Names of secrets, never secrets: each lies under `sluice/<tenant>/<type>/`. */
const secret = (what: string) =>
  z
    .string()
    .check(
      z.minLength(1),
      z.maxLength(512),
      z.describe(`The name of the secret with ${what}, under \`sluice/<tenant>/\` and the type.`),
    );
const slackId = (what: string) =>
  z
    .string()
    .check(
      z.regex(/^[A-Z0-9]{2,32}$/, 'must be an id of Slack, such as C024BE91L'),
      z.describe(`The id of the ${what}.`),
    );
const way = <T extends string>(type: T) =>
  z.literal(type).check(z.describe('How it reaches its receiver; a channel keeps it.'));

export const email = noun({
  input: {
    ...input,
    type: way('email'),
    recipients: z
      .union([z.literal('approvers'), z.array(EMail).check(z.minLength(1), z.maxLength(50))])
      .check(z.describe('Addresses, or `approvers`: those who may approve what is told.')),
    show_values: z
      ._default(z.boolean(), false)
      .check(
        z.describe('Whether mails that ask for approval show values of configuration beside their keys.'),
      ),
  },
  ...groups,
  managed: { ...managed, show_values: z.exactOptional(z.boolean()) },
  computed: { ...computed, show_values: z.boolean() },
});

/** Standard Webhooks: signed by `whsec_…` secrets, several while they are exchanged. */
export const webhook = noun({
  input: {
    ...input,
    type: way('webhook'),
    url: z
      .string()
      .check(z.minLength(1), z.maxLength(2048), z.describe('The `https` address that is called.')),
    secret_ref: secret('one or more `whsec_…` of Standard Webhooks'),
  },
  ...groups,
});

/** The URL itself is the secret. */
export const slackWebhook = noun({
  input: {
    ...input,
    type: way('slack'),
    mode: z.literal('incoming_webhook').check(z.describe('By an incoming webhook.')),
    url_ref: secret('the address of the incoming webhook'),
  },
  ...groups,
});

export const slackApp = noun({
  input: {
    ...input,
    type: way('slack'),
    mode: z.literal('app').check(z.describe('By a Slack app.')),
    team_id: slackId('team'),
    channel_id: slackId('channel'),
    bot_token_ref: secret('the token of the bot'),
    signing_secret_ref: secret('what Slack signs with'),
  },
  ...groups,
});

/** Where a tenant is told of its promotions. */
export type Channel =
  | Item<typeof email>
  | Item<typeof webhook>
  | Item<typeof slackWebhook>
  | Item<typeof slackApp>;

/** What callers say of a channel, its defaults filled in. */
export type ChannelFields =
  | Said<typeof email>
  | Said<typeof webhook>
  | Said<typeof slackWebhook>
  | Said<typeof slackApp>;

/** What a channel hears of; `all` also of what there will be. Environments are the targets of promotions. */
export type ChannelFilter = Channel['filter'];

/** The channels of one type. */
export type ChannelOf<T extends Channel['type']> = Extract<Channel, { readonly type: T }>;
