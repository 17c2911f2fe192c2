import type { Calls } from './call.ts';

/** What Slack and browsers call finds out itself who somebody is; the links of others are for admins. */
export const slackCalls: Calls = {
  slackInteraction: { body: { payload: '{}' }, action: 'none' },
  showSlackInvitation: { action: 'none' },
  acceptSlackInvitation: { body: { csrf: 'csrf' }, action: 'none' },
  listSlackLinks: { query: 'subject=bob', action: 'manage_members' },
  deleteSlackLink: { query: 'subject=bob', action: 'manage_members' },
};
