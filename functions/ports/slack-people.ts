import type { Digest } from '../domain/digest.ts';
import type { SlackUser } from '../domain/slack/click.ts';

/** A Slack user who is a member of a tenant: what is done there by the one is the other's act. */
export type SlackLink = SlackUser & {
  readonly tenant: string;
  readonly subject: string;
  readonly linked_at: string;
};

/** Lets whoever holds its token, and is signed in, say who a Slack user is. Kept under the digest of the token. */
export type SlackInvitation = SlackUser & {
  readonly tenant: string;
  /** What Slack calls the user. */
  readonly called?: string;
  readonly expires_at: string;
};

/** What came of accepting: nothing is written unless `linked`. */
export type Accepted =
  | 'linked'
  /** The invitation was used meanwhile. */
  | 'used'
  /** The Slack user is another member in this tenant. */
  | 'user_taken'
  /** The member is another user of this Slack team. */
  | 'member_taken';

/** Who is who in Slack. In each tenant a Slack user is at most one member, and a member at most one user of a team. */
export interface SlackPeople {
  linkOf(tenant: string, user: SlackUser): Promise<SlackLink | undefined>;
  /** Every Slack user that a member is in a tenant. */
  linksOf(tenant: string, subject: string): Promise<readonly SlackLink[]>;
  invite(token: Digest, invitation: SlackInvitation): Promise<void>;
  /** An invitation that has neither been used nor expired. */
  invitation(token: Digest, now: string): Promise<SlackInvitation | undefined>;
  /** Uses an invitation and links its Slack user to a member, at once. To link the same two again is `linked`. */
  accept(token: Digest, link: SlackLink): Promise<Accepted>;
  /** Takes a link back; `false` when it is not there. */
  unlink(link: SlackLink): Promise<boolean>;
}
