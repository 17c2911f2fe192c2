import {
  slackInvitationKey,
  slackLinkKey,
  slackMemberKey,
  slackMemberPartition,
  slackMessageKey,
} from '../../../functions/adapters/dynamodb/keys-slack.ts';
import type { SlackMessage, SlackMessages } from '../../../functions/ports/slack-messages.ts';
import {
  linkedBy,
  type SlackInvitation,
  type SlackLink,
  type SlackMember,
  type SlackPeople,
} from '../../../functions/ports/slack-people.ts';
import { MemoryMap } from './memory-map.ts';

export function memorySlackMessages(): SlackMessages {
  const messages = new MemoryMap<SlackMessage>();
  return {
    read: async (...of) => messages.get(slackMessageKey(...of)),
    async write(tenant, channel, promotion, message) {
      messages.set(slackMessageKey(tenant, channel, promotion), message);
    },
  };
}

export function memorySlackPeople(): SlackPeople {
  const users = new MemoryMap<SlackLink>();
  const members = new MemoryMap<SlackLink>();
  const invitations = new MemoryMap<SlackInvitation>();
  return {
    linkOf: async (tenant, { team, user }) => users.get(slackLinkKey(tenant, team, user)),
    linksOf: async (tenant, subject) => members.partition(slackMemberPartition(tenant, subject)),
    async invite(token, invitation) {
      invitations.set(slackInvitationKey(token), invitation);
    },
    async invitation(token, now) {
      const found = invitations.get(slackInvitationKey(token));
      return found === undefined || found.expires_at <= now ? undefined : found;
    },
    async accept(token, given) {
      const [user, member] = keysOf(given);
      const link = linkedBy(users.get(user), given);
      if (invitations.get(slackInvitationKey(token)) === undefined) return 'used';
      if ((users.get(user)?.subject ?? link.subject) !== link.subject) return 'user_taken';
      if ((members.get(member)?.user ?? link.user) !== link.user) return 'member_taken';
      invitations.delete(slackInvitationKey(token));
      users.set(user, link);
      members.set(member, link);
      return 'linked';
    },
    async unlink(link) {
      const [user, member] = keysOf(link);
      if (users.get(user)?.subject !== link.subject || members.get(member)?.user !== link.user) return false;
      users.delete(user);
      members.delete(member);
      return true;
    },
  };
}

const keysOf = ({ tenant, team, user, subject }: SlackMember) =>
  [slackLinkKey(tenant, team, user), slackMemberKey(tenant, subject, team)] as const;
