import * as z from 'zod/mini';
import type { SlackMessage } from '../../../ports/slack-messages.ts';
import type { SlackInvitation, SlackLink } from '../../../ports/slack-people.ts';
import { maybe, text } from './basics.ts';
import { exactly } from './exactly.ts';

const who = { tenant: text, team: text, user: text };

const app = z.looseObject({ channel: text, app: text, signing_secret_ref: text });

export const slackLink: z.ZodMiniType<SlackLink> = exactly<SlackLink>()(
  z.looseObject({
    ...who,
    subject: text,
    linked_at: text,
    // Links from before apps were kept: none counts until it is made again.
    apps: z._default(z.array(app), []),
    version: z._default(z.int(), 0),
  }),
);

export const slackInvitation: z.ZodMiniType<SlackInvitation> = exactly<SlackInvitation>()(
  z.looseObject({
    ...who,
    app,
    called: maybe(text),
    expires_at: text,
  }),
);

export const slackMessage: z.ZodMiniType<SlackMessage> = exactly<SlackMessage>()(
  z.looseObject({
    place: text,
    ts: text,
    notice: text,
    at: text,
  }),
);
