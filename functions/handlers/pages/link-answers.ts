import { REFUSAL_STATUS } from '../../contract/problem.ts';
import { type Html, html } from '../../domain/html.ts';
import { spokenInstant } from '../../domain/instant.ts';
import type { LinkDecision } from '../../domain/link/link.ts';
import { question } from '../../domain/link/wording.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Answer } from '../http/reply.ts';
import { signOutForm } from './approval-page.ts';
import { page } from './page.ts';

const DONE: { readonly [decision in LinkDecision]: string } = {
  approve: 'You approved',
  reject: 'You rejected',
  request_changes: 'You asked for changes',
};

/** That a decision was made, what the promotion is now, and where it can be followed. */
export function decidedPage(decision: LinkDecision, state: PromotionState): Answer {
  const waits = 'waiting_for' in state ? ` It waits for ${state.waiting_for}.` : '';
  return page({
    status: 200,
    title: DONE[decision],
    body: html`<p class="lead">${question(state)}</p>
<p class="conseq"><b>The promotion is now ${state.status.replaceAll('_', ' ')}.</b>${waits}</p>
<p class="btns"><a class="btn go" href="/web/promotions/${state.id}">Follow the promotion</a></p>`,
  });
}

/** One page for whatever is not a link of ours: it says nothing of what there is. */
export const noSuchLink = (): Answer =>
  page({
    status: 404,
    title: 'Page not found',
    body: html`<p class="lead">This link is not valid. Check that you copied the full address.</p>`,
  });

/** Who looks at a refusal, so that somebody who is signed in as another person can sign out. */
export type Onlooker = { readonly email: string; readonly csrf: string };

/** Why nothing can be decided here, in words of their own for each reason. Names neither tenant nor content. */
export function refusedPage(refusal: Refusal, onlooker?: Onlooker): Answer {
  const { title, words } = wordsOf(refusal);
  const leave: Html | undefined = onlooker === undefined ? undefined : signOutForm(onlooker);
  return page({
    status: REFUSAL_STATUS[refusal.refused],
    title,
    body: html`<p class="lead">${words}</p>${leave}`,
  });
}

function wordsOf({ refused, detail, data }: Refusal): { readonly title: string; readonly words: string } {
  switch (refused) {
    case 'link_used':
      return {
        title: 'This link was used',
        words: `It was used on ${spokenInstant(String(data?.['at']))} to ${String(data?.['decision']).replaceAll('_', ' ')}. A link works once.`,
      };
    case 'link_expired':
      return {
        title: 'This link has expired',
        words: `It was good until ${spokenInstant(String(data?.['expires_at']))}, as the request it was for. Nothing can be decided by it any more.`,
      };
    case 'link_revoked':
      return {
        title: 'This link is no longer good',
        words: `This link can no longer be used: ${detail}. If you are asked again, you get a new link.`,
      };
    case 'link_not_yours':
      return {
        title: 'This link is for somebody else',
        words:
          'You are signed in as another person than the one who was asked. Sign out and sign in as that person, or ask for a link of your own.',
      };
    default:
      return { title: 'Nothing was done', words: `You cannot decide on this: ${detail}.` };
  }
}
