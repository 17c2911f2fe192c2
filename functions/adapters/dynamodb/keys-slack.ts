import type { Digest } from '../../domain/digest.ts';
import { hex, id, type Key, name, scope } from './key-parts.ts';

/** Outside any tenant's own keys, as memberships are: whoever writes it says who somebody is. */
export const slackLinkKey = (tenant: string, team: string, user: string): Key => ({
  PK: `SLACK#${id(team)}#${id(user)}`,
  SK: `T#${id(tenant)}`,
});

/** The same link by the member. */
export const slackMemberPartition = (tenant: string, subject: string): string =>
  `SLACKMEMBER#${id(tenant)}#${name(subject)}`;
export const slackMemberKey = (tenant: string, subject: string, team: string): Key => ({
  PK: slackMemberPartition(tenant, subject),
  SK: id(team),
});

/** Read before its tenant is known. */
export const slackInvitationKey = (token: Digest): Key => ({
  PK: `SLACKINVITE#${hex(token)}`,
  SK: 'INVITATION',
});

export const slackMessageKey = (tenant: string, channel: string, promotion: string): Key => ({
  PK: `${scope(tenant)}SLACKMESSAGE#${id(promotion)}`,
  SK: id(channel),
});
