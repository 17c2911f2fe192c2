import { type Html, html } from '../../domain/html.ts';
import { facts, gatesInWords, question, valueInWords } from '../../domain/link/wording.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { SomeChanges } from '../../use-cases/links/what-changes.ts';
import type { Answer } from '../http/reply.ts';
import { page } from './page.ts';

/** Who looks at the page: somebody whose session has the form token, whoever has the link, or nobody known yet. */
export type Viewer =
  | { readonly as: 'person'; readonly email: string; readonly csrf: string }
  | { readonly as: 'bearer'; readonly email: string }
  | { readonly as: 'unknown' };

export type ApprovalPage = {
  readonly path: string;
  readonly state: PromotionState;
  readonly some: SomeChanges;
  readonly viewer: Viewer;
  /** What was wrong with the form that was sent, and what was written in it. */
  readonly wrong?: { readonly status: number; readonly problem: string; readonly comment: string };
};

/** The page on which somebody decides: what would change, what is known of it, and the decision. */
export function approvalPage({ path, state, some, viewer, wrong }: ApprovalPage): Answer {
  return page({
    status: wrong?.status ?? 200,
    title: question(state),
    body: html`${wrong === undefined ? undefined : html`<p class="problem" role="alert">Your decision was not recorded: ${wrong.problem}.</p>`}
<h2>Changes</h2>
${changesTable(some, viewer)}
${some.next === undefined ? undefined : html`<p><a href="${path}?after=${encodeCursor(some.next)}">More changes</a></p>`}
<h2>Details</h2>
<dl>${facts(state).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
<h2>Gates</h2>
<dl>${gatesInWords(state).map(({ gate, says }) => html`<dt>${gate}</dt><dd>${says}</dd>\n`)}</dl>
<h2>Your decision</h2>
${viewer.as === 'unknown' ? signInFirst(path) : decisionForm(path, state, viewer, wrong?.comment ?? '')}
${viewer.as === 'person' ? signOutForm(viewer) : undefined}`,
  });
}

/** Values are for people who are signed in: a link that was forwarded, or opened by a scanner, shows names alone. */
function changesTable({ changes }: SomeChanges, viewer: Viewer): Html {
  if (changes.length === 0) return html`<p>Nothing more.</p>`;
  if (viewer.as !== 'person') {
    return html`<ul>${changes.map(({ key }) => html`<li>${key}</li>\n`)}</ul>
<p>Sign in to see the values.</p>`;
  }
  return html`<table><tr><th scope="col">Key</th><th scope="col">From</th><th scope="col">To</th></tr>
${changes.map(
  ({ key, from, to }) =>
    html`<tr><th scope="row">${key}</th><td>${valueInWords(from)}</td><td>${valueInWords(to)}</td></tr>\n`,
)}</table>`;
}

const signInFirst = (path: string): Html =>
  html`<p>Nothing is decided by opening this page. Sign in to decide.</p>
<p><a class="button" href="/sign-in?return=${path}">Sign in</a></p>`;

function decisionForm(
  path: string,
  { seal }: PromotionState,
  viewer: Exclude<Viewer, { readonly as: 'unknown' }>,
  comment: string,
): Html {
  const rule = seal.requirements.require_comment ? 'required' : 'required unless you approve';
  return html`<form method="post" action="${path}">
${viewer.as === 'person' ? html`<input type="hidden" name="csrf" value="${viewer.csrf}">` : undefined}
<p>You decide as ${viewer.email}. This link works once.</p>
<p><label for="comment">Comment (${rule})</label><textarea id="comment" name="comment" rows="3" maxlength="4000">${comment}</textarea></p>
<p><button name="decision" value="approve">Approve</button><button name="decision" value="request_changes">Request changes</button><button name="decision" value="reject">Reject</button></p>
</form>`;
}

const signOutForm = ({ email, csrf }: Extract<Viewer, { readonly as: 'person' }>): Html =>
  html`<footer><form method="post" action="/sign-out"><input type="hidden" name="csrf" value="${csrf}">Signed in as ${email}. <button>Sign out</button></form></footer>`;

/** A place in the change set as a part of an address; it is a key with a type byte, so any characters. */
export const encodeCursor = (place: string): string => Buffer.from(place).toString('base64url');
export const decodeCursor = (text: string): string => Buffer.from(text, 'base64url').toString();
