import { digestOfBytes } from '../../domain/digest.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { addDuration } from '../../domain/instant.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { isAppChannel } from '../../domain/slack/channel.ts';
import { isSameApp, judgeOffer, type SlackClick } from '../../domain/slack/click.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { SlackApp, SlackSent, SlackWords } from '../../ports/slack.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { type ActDeps, unknown } from '../engine/act.ts';
import { approvePromotion } from '../promotions/approve.ts';
import { rejectPromotion } from '../promotions/reject.ts';
import { requestChanges } from '../promotions/request-changes.ts';
import { inviteSlackUser } from './people.ts';
import { actedWords, changedWords, FORMER, NO_TEXT, refusedWords, strangerWords } from './words.ts';

export type SlackActDeps = ActDeps &
  Pick<Deps, 'catalog' | 'directory' | 'answers'> &
  Pick<NotificationStores, 'slackPeople'> & {
    readonly slack: SlackApp;
    /** A new secret of 256 bits. */
    readonly unguessable: () => string;
    /** Where people's browsers find Sluice, without a slash at the end. */
    readonly publicUrl: string;
  };

/** `retry`: something is left to do or to say, not now. */
export type SlackTried =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'retry'; readonly reason: string; readonly after_seconds?: number };

/** How long a click that was delivered again is known: Slack and the queue repeat themselves for hours, not days. */
const REMEMBERED = 'P2D';

/**
 * Does what a Slack user decided with a button, as the member who the user is linked to, by the rules for any act of theirs; then has the
 * message say how the promotion stands, and answers in words. However often it is called for one click, the click acts once. Who is
 * not linked through this app is told how. Throws faults.
 */
export async function actFromSlack(deps: SlackActDeps, click: SlackClick): Promise<SlackTried> {
  const { tenant, channel: id, promotion } = click.offer;
  const channel = await deps.catalog.item(tenant, 'channel', id);
  if (!isAppChannel(channel) || channel.team_id !== click.team) return { outcome: 'done' };
  const app = { channel: id, app: click.app, signing_secret_ref: channel.signing_secret_ref };
  const link = await deps.slackPeople.linkOf(tenant, click);
  // A link made through another app proves nothing here: whoever knows that app's secret is another.
  if (link === undefined || !link.apps.some((each) => isSameApp(each, app))) {
    const { team, user, called } = click;
    const invited = { tenant, team, user, app, ...(called === undefined ? {} : { called }) };
    const token = await inviteSlackUser(deps, invited);
    return tried(
      await deps.slack.answer(channel, click, strangerWords(`${deps.publicUrl}/slack/link/${token}`)),
    );
  }
  const words = await decided(deps, click, link.subject);
  const stored = await deps.promotions.read(tenant, promotion);
  const refreshed = stored && tried(await deps.slack.refresh(channel, stored.state));
  if (refreshed?.outcome === 'retry') return refreshed;
  return tried(await deps.slack.answer(channel, click, words));
}

async function decided(deps: SlackActDeps, click: SlackClick, subject: string): Promise<SlackWords> {
  const { decision, offer } = click;
  const { tenant, promotion: id, channel: notification_channel } = offer;
  const member = await deps.directory.membership(tenant, subject);
  if (member?.status !== 'active') return FORMER;
  const { email, groups, grants } = member;
  const via = { channel: 'slack', notification_channel, slack_app: click.app } as const;
  const principal: Principal = { tenant, subject, email, kind: 'person', groups, grants, via };
  const now = deps.clock.now();
  const receipt = receiptOf(click, now);
  const before = await deps.promotions.read(tenant, id);
  if (before === undefined) return refusedWords(id, unknown(id));
  if ((await deps.answers.read(tenant, receipt.key, now)) !== undefined)
    return actedWords(decision, before.state);
  if (judgeOffer(offer, before.state) !== undefined) return changedWords(id);
  if (decision !== 'approve' && (click.text ?? '').trim() === '') return NO_TEXT;
  const answer = await act(deps, click, principal, receipt);
  return isRefusal(answer) ? refusedWords(id, answer) : actedWords(decision, answer);
}

async function act(
  deps: SlackActDeps,
  { decision, offer, text = '' }: SlackClick,
  principal: Principal,
  answer: StoredAnswer,
): Promise<PromotionState | Refusal> {
  const { promotion: id, manifest_digest } = offer;
  // Asked again at each attempt: a yes or no to what has changed since is no answer to it.
  const stands = async (state: PromotionState) => judgeOffer(offer, state);
  const acting = { principal, id, stands, also: [{ write: 'answer', answer }] } as const;
  switch (decision) {
    case 'approve':
      return approvePromotion(deps, {
        ...acting,
        manifest_digest,
        ...(text === '' ? {} : { comment: text }),
      });
    case 'reject':
      return rejectPromotion(deps, { ...acting, reason: text });
    case 'request_changes':
      return requestChanges(deps, { ...acting, reason: text });
    default:
      return unreachable(decision);
  }
}

/** What the commit of a click leaves behind, by which a second delivery knows that it happened. */
function receiptOf({ team, user, id, decision }: SlackClick, now: string): StoredAnswer {
  const key = digestOfBytes(`sluice/slack-click/v1\n${JSON.stringify([team, user, id])}`);
  return {
    key,
    body_digest: digestOfBytes(decision),
    status: 200,
    headers: {},
    body: '',
    expires_at: addDuration(now, REMEMBERED),
  };
}

/** What Slack will never take is not tried again: the act itself stands. */
function tried(sent: SlackSent): SlackTried {
  if (sent.outcome !== 'again') return { outcome: 'done' };
  const { reason, after_seconds } = sent;
  return { outcome: 'retry', reason, ...(after_seconds === undefined ? {} : { after_seconds }) };
}
