import type { Digest } from '../digest.ts';
import type { PromotionState } from '../promotion/state.ts';
import { type Refusal, refuse } from '../refusal.ts';

export const SLACK_DECISIONS = ['approve', 'reject', 'request_changes'] as const;
export type SlackDecision = (typeof SLACK_DECISIONS)[number];

/** What the buttons of a message offer to decide: one manifest of one promotion, as it was put forward, told to one channel. */
export type SlackOffer = {
  readonly tenant: string;
  /** The notification channel's id, not Slack's. */
  readonly channel: string;
  readonly promotion: string;
  readonly manifest_digest: Digest;
  /** When it had been put forward again, where it had been. */
  readonly resubmitted_at?: string;
};

/** Refuses `manifest_changed` where an offer is of before: the promotion has another manifest, or was put forward again since. */
export function judgeOffer(
  { manifest_digest, resubmitted_at }: SlackOffer,
  state: Pick<PromotionState, 'seal' | 'resubmitted_at'>,
): Refusal | undefined {
  const isNow = state.seal.manifest_digest === manifest_digest && state.resubmitted_at === resubmitted_at;
  return isNow ? undefined : refuse('manifest_changed', 'the promotion has changed since it was offered');
}

/** A Slack user, as Slack names users: unique within the team. */
export type SlackUser = { readonly team: string; readonly user: string };

/**
 * The Slack app behind a channel: the notification channel, Slack's own id of the app, and the name of the secret that signs for it. Two
 * of them are the same app only when all three are.
 */
export type SlackAppIdentity = {
  readonly channel: string;
  readonly app: string;
  readonly signing_secret_ref: string;
};

/** Whether two identities are the same app. */
export const isSameApp = (one: SlackAppIdentity, other: SlackAppIdentity): boolean =>
  one.channel === other.channel &&
  one.app === other.app &&
  one.signing_secret_ref === other.signing_secret_ref;

/**
 * What a Slack user did about an offer. `id` is the same however often Slack delivers it. `response_url` is where an answer to this
 * person may be sent for half an hour; `place` is Slack's channel in which it was done.
 */
export type SlackClick = SlackUser & {
  readonly id: string;
  /** Slack's id of the app whose button it was: `api_app_id`. */
  readonly app: string;
  readonly offer: SlackOffer;
  readonly decision: SlackDecision;
  /** The comment of an approval, the reason of anything else. */
  readonly text?: string;
  readonly response_url?: string;
  readonly place?: string;
  /** What the user is called there. */
  readonly called?: string;
};
