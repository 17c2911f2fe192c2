import * as z from 'zod/mini';
import { Id } from '../domain/fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';

/** What Slack itself calls, and the pages and calls by which members say who they are there. */

const short = z.string().check(z.maxLength(256));

export const slackInteraction = endpoint({
  method: 'POST',
  path: '/slack/interactions',
  operation: 'slackInteraction',
  summary:
    'Where Slack says that somebody used a button or a form; signed with the secret of a channel’s app',
  tag: 'slack',
  open: true,
  form: true,
  // Slack sends the whole message along.
  max_body: 256 * 1024,
  body: z.looseObject({ payload: z.exactOptional(z.string()) }),
  query: EMPTY,
  status: [200],
  errors: [],
});

const page = { tag: 'slack', open: true, query: EMPTY, errors: [] } as const;

export const showSlackInvitation = endpoint({
  ...page,
  method: 'GET',
  path: '/slack/link/{token}',
  operation: 'showSlackInvitation',
  summary: 'Asks the signed-in member whether a Slack user is theirs',
  body: EMPTY,
  status: [200, 303],
  page: [404],
});

export const acceptSlackInvitation = endpoint({
  ...page,
  method: 'POST',
  path: '/slack/link/{token}',
  operation: 'acceptSlackInvitation',
  summary: 'Links the Slack user of an invitation to the signed-in member, once',
  form: true,
  body: z.looseObject({ csrf: z.exactOptional(short) }),
  status: [200, 303],
  page: [403, 404, 409],
});

const SlackLinkView = z.strictObject({
  team_id: z.string(),
  user_id: z.string(),
  subject: z.string(),
  linked_at: z.string(),
  /** Apps through which the link counts; changing a channel's signing secret, or its app, ends it there. */
  apps: z.array(z.strictObject({ notification_channel: z.string(), app_id: z.string() })),
});

/** Whose links; absent: the caller's own. Those of others are for admins. */
const Whose = z.strictObject({ subject: z.exactOptional(Id) });

export const listSlackLinks = endpoint({
  method: 'GET',
  path: '/api/v1/slack-links',
  operation: 'listSlackLinks',
  summary: 'The Slack users that a member is',
  tag: 'slack',
  body: EMPTY,
  query: Whose,
  response: z.strictObject({ items: z.array(SlackLinkView) }),
  status: [200],
  errors: [],
});

export const deleteSlackLink = endpoint({
  method: 'DELETE',
  path: '/api/v1/slack-links/{team_id}',
  operation: 'deleteSlackLink',
  summary: 'Takes back that a member is a user of a Slack team',
  tag: 'slack',
  body: EMPTY,
  query: Whose,
  status: [204],
  errors: [],
});

/** A click as it waits in the queue `slack-actions`. */
export const SlackClickMessage = z.object({
  id: z.string(),
  team: Id,
  user: Id,
  app: Id,
  called: z.exactOptional(z.string()),
  offer: z.object({
    tenant: Id,
    channel: Id,
    promotion: Id,
    manifest_digest: z.templateLiteral([
      'sha256:',
      z.string().check(z.regex(/^[0-9a-f]{64}$/, 'must be 64 hex digits in lower case')),
    ]),
    resubmitted_at: z.exactOptional(z.string()),
  }),
  decision: z.enum(['approve', 'reject', 'request_changes']),
  text: z.exactOptional(z.string()),
  response_url: z.exactOptional(z.string()),
  place: z.exactOptional(Id),
});
