import { type Html, html } from '../../domain/html.ts';
import { effectOfApproval, facts, gatesInWords, howMany, question } from '../../domain/link/wording.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { SomeChanges } from '../../use-cases/links/what-changes.ts';
import type { Answer } from '../http/reply.ts';
import { changedKeys, changesTable } from './changes.ts';
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
  /** What executing would meet in the target as that is now, in sentences. */
  readonly impact: readonly string[];
  readonly viewer: Viewer;
  /** What was wrong with the form that was sent, and what was written in it. */
  readonly wrong?: { readonly status: number; readonly problem: string; readonly comment: string };
};

/** The page on which somebody decides: what would change, what is known of it, what approving causes, and the decision. */
export function approvalPage({ path, state, some, impact, viewer, wrong }: ApprovalPage): Answer {
  return page({
    status: wrong?.status ?? 200,
    title: question(state),
    body: html`${wrong === undefined ? undefined : html`<p class="note stop" role="alert">Your decision was not recorded: ${wrong.problem}.</p>`}
<section class="sect"><header><h2>What changes</h2><p>${howMany(state)}</p></header>
${changesShown(some, viewer)}
${some.next === undefined ? undefined : html`<p class="foot"><a href="${path}?after=${encodeCursor(some.next)}">More changes</a></p>`}</section>
<section class="sect"><header><h2>Gates</h2></header>
<dl class="kv pad">${gatesInWords(state).map(({ gate, says }) => html`<dt>${gate}</dt><dd>${says}</dd>\n`)}</dl></section>
${impact.length === 0 ? undefined : html`<section class="sect"><header><h2>Impact</h2></header><div class="pad">${impact.map((line) => html`<p>${line}</p>\n`)}</div></section>`}
<section class="sect"><header><h2>Details</h2></header>
<dl class="kv pad">${facts(state).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl></section>
<section class="sect"><header><h2>Your decision</h2></header><div class="pad">
${viewer.as === 'unknown' ? signInFirst(path, state) : decisionForm(path, state, viewer, wrong?.comment ?? '')}
</div></section>
${viewer.as === 'person' ? signOutForm(viewer) : undefined}`,
  });
}

/** Values are for people who are signed in: a link that was forwarded, or opened by a scanner, shows names alone. */
function changesShown({ changes }: SomeChanges, viewer: Viewer): Html {
  if (changes.length === 0) return html`<p class="pad">Nothing more.</p>`;
  if (viewer.as === 'person') return changesTable(changes);
  return html`${changedKeys(changes)}<p class="pad">Sign in to see the values.</p>`;
}

const signInFirst = (path: string, state: PromotionState): Html =>
  html`<p class="conseq"><b>${effectOfApproval(state)}</b>Nothing is decided by opening this page. Sign in to decide.</p>
<p class="btns"><a class="btn go big" href="/sign-in?return=${path}">Sign in</a></p>`;

function decisionForm(
  path: string,
  state: PromotionState,
  viewer: Exclude<Viewer, { readonly as: 'unknown' }>,
  comment: string,
): Html {
  const rule = state.seal.requirements.require_comment ? 'required' : 'required unless you approve';
  return html`<form method="post" action="${path}">
${viewer.as === 'person' ? html`<input type="hidden" name="csrf" value="${viewer.csrf}">` : undefined}
<p class="conseq"><b>${effectOfApproval(state)}</b>You decide as ${viewer.email}. This link works once.</p>
<p><label class="f" for="comment">Comment (${rule})</label><textarea class="in" id="comment" name="comment" rows="3" maxlength="4000">${comment}</textarea></p>
<p class="act"><button class="btn go big" name="decision" value="approve">Approve</button><button class="btn" name="decision" value="request_changes">Request changes</button><button class="btn no" name="decision" value="reject">Reject</button></p>
</form>`;
}

/** The way out for a person who is signed in. */
export const signOutForm = ({ email, csrf }: { readonly email: string; readonly csrf: string }): Html =>
  html`<form method="post" action="/sign-out" class="leave"><input type="hidden" name="csrf" value="${csrf}">Signed in as ${email}. <button class="btn">Sign out</button></form>`;

/** A place in the change set as a part of an address; it is a key with a type byte, so any characters. */
export const encodeCursor = (place: string): string => Buffer.from(place).toString('base64url');
export const decodeCursor = (text: string): string => Buffer.from(text, 'base64url').toString();
