import * as z from 'zod/mini';
import type { Channel, ChannelFilter, NoticeName } from '../../../domain/notification/channel.ts';
import { SEVERITIES } from '../../../domain/notification/notice.ts';
import type { Delivery } from '../../../ports/deliveries.ts';
import { count, flag, maybe, text, texts } from './basics.ts';
import { exactly } from './exactly.ts';

// A newer function may know events that this one does not: such a name only matches nothing here.
const noticeName = z.custom<NoticeName>((value) => typeof value === 'string');
const all = z.literal('all');

const filter: z.ZodMiniType<ChannelFilter> = exactly<ChannelFilter>()(
  z.looseObject({
    events: z.union([all, z.array(noticeName)]),
    environments: z.union([all, texts]),
    severities: z.union([all, z.array(z.enum(SEVERITIES))]),
  }),
);

const base = {
  id: text,
  tenant: text,
  name: text,
  filter,
  muted_until: maybe(text),
  status: z.enum(['active', 'disabled']),
  disabled_reason: maybe(text),
  since: text,
  created_by: text,
  created_at: text,
  updated_at: text,
  version: count,
};

export const channel: z.ZodMiniType<Channel> = exactly<Channel>()(
  z.union([
    z.looseObject({
      ...base,
      type: z.literal('email'),
      recipients: z.union([z.literal('approvers'), texts]),
      show_values: maybe(flag),
    }),
    z.looseObject({ ...base, type: z.literal('webhook'), url: text, secret_ref: text }),
    z.looseObject({
      ...base,
      type: z.literal('slack'),
      mode: z.literal('incoming_webhook'),
      url_ref: text,
    }),
    z.looseObject({
      ...base,
      type: z.literal('slack'),
      mode: z.literal('app'),
      team_id: text,
      channel_id: text,
      bot_token_ref: text,
      signing_secret_ref: text,
    }),
  ]),
);

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
