import { digestOfBytes } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { addDuration } from '../../domain/instant.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { NewSlackLink, SlackInvitation, SlackLink } from '../../ports/slack-people.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import { authorize } from '../access/authorize.ts';
import type { Deps } from '../deps.ts';

export type SlackPeopleDeps = Pick<Deps, 'directory' | 'denials' | 'clock'> &
  Pick<NotificationStores, 'slackPeople'>;

/** As long as somebody takes to find a second factor; afterwards another press of the button makes another invitation. */
const INVITED_FOR = 'PT1H';

/** Invites a Slack user to say which member they are, and answers with the token of the one use. */
export async function inviteSlackUser(
  deps: Pick<SlackPeopleDeps, 'slackPeople' | 'clock'> & { readonly unguessable: () => string },
  invited: Omit<SlackInvitation, 'expires_at'>,
): Promise<string> {
  const token = deps.unguessable();
  const expires_at = addDuration(deps.clock.now(), INVITED_FOR);
  await deps.slackPeople.invite(digestOfBytes(token), { ...invited, expires_at });
  return token;
}

/** What a token invites to. Refuses `not_found` alike for what was used, has expired or never was. */
export async function readSlackInvitation(
  deps: SlackPeopleDeps,
  token: string,
): Promise<SlackInvitation | Refusal> {
  const found = await deps.slackPeople.invitation(digestOfBytes(token), deps.clock.now());
  return found ?? gone();
}

/**
 * Links a Slack user, of the app that invited them, to the signed-in member who holds the invitation's token; uses the invitation. Refuses `not_found`, `not_authorized`
 * for whoever is no active member of that tenant, `conflict` when either of the two is linked to another already.
 */
export async function linkSlackUser(
  deps: SlackPeopleDeps,
  { token, subject }: { readonly token: string; readonly subject: string },
): Promise<NewSlackLink | Refusal> {
  const invitation = await readSlackInvitation(deps, token);
  if ('refused' in invitation) return invitation;
  const { tenant, team, user, app } = invitation;
  const member = await deps.directory.membership(tenant, subject);
  if (member?.status !== 'active') {
    return refuse('not_authorized', 'you are no active member of the tenant that this Slack channel is of');
  }
  const link: NewSlackLink = { tenant, team, user, subject, app, linked_at: deps.clock.now() };
  const accepted = await deps.slackPeople.accept(digestOfBytes(token), link);
  switch (accepted) {
    case 'linked':
      return link;
    case 'used':
      return gone();
    case 'user_taken':
      return refuse('conflict', 'this Slack user is linked to another member, who has to unlink it first');
    case 'member_taken':
      return refuse('conflict', 'you are linked to another user of this Slack team: unlink that one first');
    default:
      return unreachable(accepted);
  }
}

const gone = (): Refusal => refuse('not_found', 'this invitation was used, has expired, or never was one');

/** Whose links: the caller's own unless a subject is named, which takes an admin. */
type Whose = { readonly principal: Principal; readonly subject?: string };

/** The Slack users that a member is. Refuses `not_authorized`. */
export async function listSlackLinks(
  deps: SlackPeopleDeps,
  whose: Whose,
): Promise<readonly SlackLink[] | Refusal> {
  const { principal, subject = principal.subject } = whose;
  const refusal = await forbidden(deps, whose);
  return refusal ?? deps.slackPeople.linksOf(principal.tenant, subject);
}

/** Takes back that a member is a user of a team: their buttons do nothing from then on. Refuses `not_authorized`, `not_found`. */
export async function unlinkSlackUser(
  deps: SlackPeopleDeps,
  whose: Whose & { readonly team: string },
): Promise<SlackLink | Refusal> {
  const links = await listSlackLinks(deps, whose);
  if ('refused' in links) return links;
  const link = links.find(({ team }) => team === whose.team);
  if (link !== undefined && (await deps.slackPeople.unlink(link))) return link;
  return refuse('not_found', `there is no link to the Slack team ${whose.team}`);
}

async function forbidden(deps: SlackPeopleDeps, { principal, subject }: Whose): Promise<Refusal | undefined> {
  if (subject === undefined || subject === principal.subject) return undefined;
  return authorize(deps, principal, 'manage_members');
}
