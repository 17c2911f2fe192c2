import type { Digest } from '../domain/digest.ts';
import type { SlackAppIdentity, SlackUser } from '../domain/slack/click.ts';

/** Who is who: a Slack user and a member of a tenant. */
export type SlackMember = SlackUser & { readonly tenant: string; readonly subject: string };

/** A Slack user who is a member of a tenant: a decision of the user, made through one of these apps, is the member's act. */
export type SlackLink = SlackMember & {
  readonly linked_at: string;
  /** Apps through which the user was linked, one for each channel; through any other the user is a stranger. */
  readonly apps: readonly SlackAppIdentity[];
  readonly version: number;
};

/** What a link is written of. */
export type NewSlackLink = SlackMember & { readonly linked_at: string; readonly app: SlackAppIdentity };

/** Lets whoever holds its token, and is signed in, say who a Slack user is. Kept under the digest of the token. */
export type SlackInvitation = SlackUser & {
  readonly tenant: string;
  /** The app through which the user was invited. */
  readonly app: SlackAppIdentity;
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
  /**
   * Uses an invitation and links its Slack user to a member, at once. To link the same two again is `linked`: the app is then the one of
   * its channel, beside those of other channels. Throws `Unavailable` when another accept wins the race.
   */
  accept(token: Digest, link: NewSlackLink): Promise<Accepted>;
  /** Takes a link back; `false` when it is not there. */
  unlink(link: SlackMember): Promise<boolean>;
}

/** The link as an accepted invitation leaves it: the app of one channel replaced, those of other channels kept. */
export function linkedBy(before: SlackLink | undefined, { app, ...link }: NewSlackLink): SlackLink {
  const others = before?.apps.filter(({ channel }) => channel !== app.channel) ?? [];
  return { ...link, apps: [...others, app], version: (before?.version ?? 0) + 1 };
}
