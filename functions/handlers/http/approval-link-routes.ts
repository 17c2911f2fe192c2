import * as contract from '../../contract/approval-links.ts';
import type { LinkDecision } from '../../domain/link/link.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { IdentityProvider } from '../../ports/identity-provider.ts';
import type { Impact } from '../../use-cases/kinds/kind.ts';
import { kindOf } from '../../use-cases/kinds/registry.ts';
import { type DecideByLinkDeps, decideByLink } from '../../use-cases/links/decide-by-link.ts';
import { type OpenedLink, openLink } from '../../use-cases/links/open-link.ts';
import { whatChanges } from '../../use-cases/links/what-changes.ts';
import { approvalPage, decodeCursor, type Viewer } from '../pages/approval-page.ts';
import { decidedPage, noSuchLink, refusedPage } from '../pages/link-answers.ts';
import { isForm } from './body.ts';
import { promotionView } from './promotion-views.ts';
import { type Answer, ok, problemReply } from './reply.ts';
import { type Route, route, type Unchecked } from './route.ts';
import { isOwnForm, readSession, type SessionDeps, type SignedIn } from './session.ts';
import { foreignForm } from './sign-in-routes.ts';

export type ApprovalLinkDeps = DecideByLinkDeps & SessionDeps & { readonly provider: IdentityProvider };

type Decision = { readonly decision: LinkDecision; readonly comment: string };

/** Changes on one page. */
const SHOWN = 20;

/** The page of an approval link, and the decision made there. */
export const approvalLinkRoutes: readonly Route<ApprovalLinkDeps>[] = [
  route(contract.openApprovalLink, async ({ param, query, cookies, now }, deps) => {
    const opened = await openLink(deps, { token: param('token') });
    if (isRefusal(opened)) return noSuchLink();
    const person = await readSession(deps, { cookies, now });
    const no = strangerTo(opened, person) ?? opened.stale;
    if (no !== undefined) return refusedPage(no, leaving(no, person));
    return shown(deps, opened, viewerOf(opened, person), { token: param('token'), after: query.after });
  }),

  route(contract.decideByApprovalLink, async ({ param, body, headers, cookies, instance, now }, deps) => {
    const opened = await openLink(deps, { token: param('token') });
    const { decision, comment = '', csrf = '' } = body;
    const asked = { decision, comment: comment.trim() };
    if (!isForm({ headers })) return decidedByProgram(deps, opened, asked, { headers, instance });
    if (isRefusal(opened)) return noSuchLink();
    const person = await readSession(deps, { cookies, now });
    if (person !== undefined && !isOwnForm(person, csrf)) return foreignForm();
    const viewer = viewerOf(opened, person);
    if (opened.stale !== undefined && viewer.as !== 'person') return refusedPage(opened.stale);
    const again = { token: param('token'), after: undefined };
    if (viewer.as === 'unknown') {
      const wrong = { status: 401, problem: 'you are not signed in any more', comment: asked.comment };
      return shown(deps, opened, viewer, again, wrong);
    }
    const subject = person?.subject ?? opened.link.subject;
    const state = await decideByLink(deps, { link: opened.link, subject, ...asked });
    if (!isRefusal(state)) return decidedPage(decision, state);
    if (!isMendable(state)) return refusedPage(state, leaving(state, person));
    return shown(deps, opened, viewer, again, { status: 422, problem: state.detail, comment: asked.comment });
  }),
];

/** A program proves who its person is by a bearer token, unless the link alone may act; cookies count for nothing here. */
async function decidedByProgram(
  deps: ApprovalLinkDeps,
  opened: OpenedLink | Refusal,
  asked: Decision,
  { headers, instance }: Pick<Unchecked, 'headers' | 'instance'>,
): Promise<Answer | Refusal> {
  if (isRefusal(opened)) return opened;
  const token = /^Bearer ([A-Za-z0-9._~+/=-]+)$/.exec(headers['authorization'] ?? '')?.[1];
  const proven = token === undefined ? undefined : await deps.provider.subjectOf(token);
  // Nobody learns more of a link than that it is there, before it is known who asks.
  const subject = proven ?? (opened.alone && token === undefined ? opened.link.subject : undefined);
  if (subject === undefined)
    return problemReply('unauthenticated', 'authentication is required: send an access token', instance);
  const state = await decideByLink(deps, { link: opened.link, subject, ...asked });
  return isRefusal(state) ? state : ok(promotionView(state));
}

const strangerTo = ({ link }: OpenedLink, person: SignedIn | undefined): Refusal | undefined =>
  person === undefined || person.subject === link.subject
    ? undefined
    : { refused: 'link_not_yours', detail: 'this link is for somebody else' };

/** Who can sign out to come back as the person that the link is for. */
const leaving = ({ refused }: Refusal, person: SignedIn | undefined): SignedIn | undefined =>
  refused === 'link_not_yours' ? person : undefined;

function viewerOf({ link, alone }: OpenedLink, person: SignedIn | undefined): Viewer {
  if (person !== undefined) return { as: 'person', email: person.email, csrf: person.csrf };
  return alone ? { as: 'bearer', email: link.email } : { as: 'unknown' };
}

/** Whether the person can fix this on the page. */
const isMendable = ({ refused }: Refusal): boolean =>
  refused === 'comment_required' || refused === 'invalid_request';

async function shown(
  deps: ApprovalLinkDeps,
  { state }: OpenedLink,
  viewer: Viewer,
  { token, after }: { readonly token: string; readonly after: string | undefined },
  wrong?: { readonly status: number; readonly problem: string; readonly comment: string },
): Promise<Answer> {
  const some = await whatChanges(deps, state, {
    limit: SHOWN,
    ...(after === undefined ? {} : { after: decodeCursor(after) }),
  });
  const path = `/approvals/${token}`;
  const impact = impactInWords(await kindOf(state.request).impact(deps, state));
  return approvalPage({ path, state, some, impact, viewer, ...(wrong === undefined ? {} : { wrong }) });
}

/** What executing would meet in the target as that is now. */
function impactInWords({ environment, replaces, target_moved, held_by }: Impact): readonly string[] {
  const version = replaces?.version_label;
  return [
    ...(replaces === undefined
      ? []
      : [`${version ?? 'What runs there'} runs in ${environment} now and is replaced.`]),
    ...(target_moved
      ? [`${environment} has changed since this was planned: what both sides changed is looked at again.`]
      : []),
    ...(held_by === undefined ? [] : [`Another promotion is executing into ${environment} now.`]),
  ];
}
