import type { PromotionState } from '../promotion/state.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { ApprovalLink } from './link.ts';

/**
 * Whether a link still opens anything: unused, unexpired, and its promotion waits for people on the very manifest that it is about.
 * Refuses `link_used`, `link_expired`, `link_revoked`.
 */
export function judgeLink(link: ApprovalLink, state: PromotionState, now: string): Refusal | undefined {
  const { used, expires_at, manifest_digest } = link;
  if (used !== undefined) {
    return refuse('link_used', `this link was used at ${used.at}`, { ...used });
  }
  const ranOut = state.status === 'rejected' && state.closed_by === 'expiry';
  if (ranOut || expires_at <= now) {
    return refuse('link_expired', `this link expired at ${expires_at}`, { expires_at });
  }
  if (state.status !== 'pending' && state.status !== 'blocked') {
    return refuse('link_revoked', 'the promotion no longer needs a decision', { status: state.status });
  }
  if (state.seal.manifest_digest !== manifest_digest) {
    return refuse('link_revoked', 'the promotion’s content has changed', { status: state.status });
  }
  if (link.created_at < (state.resubmitted_at ?? link.created_at)) {
    return refuse('link_revoked', 'the promotion was resubmitted since: a new link was sent', {
      status: state.status,
    });
  }
  if (state.status === 'pending' && state.waiting_for === 'changes') {
    return refuse('link_revoked', 'changes were requested', { status: state.status });
  }
  return undefined;
}
