import * as z from 'zod/mini';
import type { SlackMessage } from '../../../ports/slack-messages.ts';
import type { SlackInvitation, SlackLink } from '../../../ports/slack-people.ts';
import { maybe, text } from './basics.ts';

const who = { tenant: text, team: text, user: text };

export const slackLink: z.ZodMiniType<SlackLink> = z.looseObject({ ...who, subject: text, linked_at: text });

export const slackInvitation: z.ZodMiniType<SlackInvitation> = z.looseObject({
  ...who,
  called: maybe(text),
  expires_at: text,
});

export const slackMessage: z.ZodMiniType<SlackMessage> = z.looseObject({
  place: text,
  ts: text,
  notice: text,
  at: text,
});
