import * as contract from '../../contract/slack.ts';
import { html } from '../../domain/html.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { SlackInvitation, SlackLink } from '../../ports/slack-people.ts';
import {
  linkSlackUser,
  listSlackLinks,
  readSlackInvitation,
  type SlackPeopleDeps,
  unlinkSlackUser,
} from '../../use-cases/slack/people.ts';
import { onward, page } from '../pages/page.ts';
import { type Answer, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';
import { isOwnForm, readSession, type SessionDeps, type SignedIn } from './session.ts';
import { foreignForm } from './sign-in-routes.ts';

export type SlackLinkDeps = SlackPeopleDeps & SessionDeps;

/** The pages on which members say who they are in Slack, and the calls by which they see it and take it back. */
export const slackLinkRoutes: readonly Route<SlackLinkDeps>[] = [
  route(contract.showSlackInvitation, async ({ param, cookies, now }, deps) => {
    const token = param('token');
    const known = await readSession(deps, { cookies, now });
    if (known === undefined) return signInFirst(token);
    const invitation = await readSlackInvitation(deps, token);
    return isRefusal(invitation) ? goneWrong(invitation) : question(invitation, known);
  }),

  route(contract.acceptSlackInvitation, async ({ param, body, cookies, now }, deps) => {
    const token = param('token');
    const known = await readSession(deps, { cookies, now });
    if (known === undefined) return signInFirst(token);
    if (!isOwnForm(known, body.csrf ?? '')) return foreignForm();
    const link = await linkSlackUser(deps, { token, subject: known.subject });
    return isRefusal(link) ? goneWrong(link) : linked(known);
  }),

  route(contract.listSlackLinks, async ({ principal, query }, deps) => {
    const links = await listSlackLinks(deps, { principal, ...query });
    return 'refused' in links ? links : ok({ items: links.map(linkView) });
  }),

  route(contract.deleteSlackLink, async ({ principal, param, query }, deps) => {
    const link = await unlinkSlackUser(deps, { principal, team: param('team_id'), ...query });
    return isRefusal(link) ? link : noContent;
  }),
];

const signInFirst = (token: string): Answer => onward(`/sign-in?return=/slack/link/${token}`, []);

const linkView = ({ team, user, subject, linked_at, apps }: SlackLink) => ({
  team_id: team,
  user_id: user,
  subject,
  linked_at,
  apps: apps.map(({ channel, app }) => ({ notification_channel: channel, app_id: app })),
});

/** Whoever brings somebody else here could act as them: the page says who is meant, and when to stop. */
const question = ({ team, user, called, tenant, app }: SlackInvitation, { email, csrf }: SignedIn): Answer =>
  page({
    status: 200,
    title: 'Is this you in Slack?',
    body: html`<dl><dt>Slack user</dt><dd>${called === undefined ? user : `${called} (${user})`}, in the team ${team}</dd>
<dt>Your account</dt><dd>${email}</dd><dt>Tenant</dt><dd>${tenant}</dd>
<dt>Slack app</dt><dd>${app.app}, of the notification channel ${app.channel}</dd></dl>
<p class="problem">Go on only if you pressed a button in Slack yourself a moment ago, as this user. Whatever this Slack user decides from then on is your own act.</p>
<form method="post"><input type="hidden" name="csrf" value="${csrf}"><button>This is me: link it</button></form>`,
  });

const linked = ({ email }: SignedIn): Answer =>
  page({
    status: 200,
    title: 'Your Slack user is linked',
    body: html`<p>You are ${email} in Slack now. Go back and press the button again.</p>`,
  });

function goneWrong({ refused, detail }: Refusal): Answer {
  const status = refused === 'not_found' ? 404 : refused === 'not_authorized' ? 403 : 409;
  const title = refused === 'not_found' ? 'This address does not work' : 'Nothing was linked';
  const body = html`<p>${detail.charAt(0).toUpperCase()}${detail.slice(1)}. Press the button in Slack again for a new address.</p>`;
  return page({ status, title, body });
}
