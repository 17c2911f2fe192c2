import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { ApprovalLink, LinkDecision } from '../../domain/link/link.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { Directory } from '../../ports/directory.ts';
import type { ActDeps, Acting } from '../engine/act.ts';
import type { KindDeps } from '../kinds/kind.ts';
import { approvePromotion } from '../promotions/approve.ts';
import { rejectPromotion } from '../promotions/reject.ts';
import { requestChanges } from '../promotions/request-changes.ts';
import { judgedNow, type OpenLinkDeps } from './open-link.ts';

export type DecideByLinkDeps = ActDeps & KindDeps & OpenLinkDeps & { readonly directory: Directory };

export type DecideByLinkInput = {
  readonly link: ApprovalLink;
  /** Who is known to ask: the subject that signed in, or the approver whom the link alone stands for. */
  readonly subject: string;
  readonly decision: LinkDecision;
  /** The comment of a yes; the reason of a no or a not yet. */
  readonly comment: string;
};

/**
 * The approver's own act by a link: the same use cases as over the API, and the link is used up in the commit that they make.
 * Refuses what those refuse, `link_used`, `link_expired`, `link_revoked`, and `link_not_yours` to anybody else.
 */
export async function decideByLink(
  deps: DecideByLinkDeps,
  { link, subject, decision, comment }: DecideByLinkInput,
): Promise<PromotionState | Refusal> {
  const principal = await memberBy(deps, link, subject);
  if ('refused' in principal) return principal;
  if (subject !== link.subject) return await notYours(deps, link, principal);
  const acting: Acting = {
    principal,
    id: link.promotion_id,
    stands: (state, now) => judgedNow(deps, link.token_hash, state, now),
    also: [{ write: 'link_use', token_hash: link.token_hash, use: { at: deps.clock.now(), decision } }],
  };
  switch (decision) {
    case 'approve': {
      const { manifest_digest } = link;
      return approvePromotion(deps, { ...acting, manifest_digest, comment });
    }
    case 'reject':
      return rejectPromotion(deps, { ...acting, reason: comment });
    case 'request_changes':
      return requestChanges(deps, { ...acting, reason: comment });
    default:
      return unreachable(decision);
  }
}

/** Somebody as the link's tenant knows them now. A stranger to the tenant is told no more than anybody else. */
async function memberBy(
  { directory }: Pick<DecideByLinkDeps, 'directory'>,
  { tenant, id, channel, subject: approver }: ApprovalLink,
  subject: string,
): Promise<Principal | Refusal> {
  const found = await directory.membership(tenant, subject);
  if (found === undefined || found.status !== 'active') {
    if (subject !== approver) return refuse('link_not_yours', 'this link is for somebody else');
    return refuse('not_authorized', 'your membership of this tenant is not active');
  }
  const { email, groups, grants } = found;
  return { tenant, subject, email, kind: 'person', groups, grants, via: { channel, link_id: id } };
}

/** Logs an access denial when a member tries another's link. */
async function notYours(
  { denials, clock }: Pick<ActDeps, 'denials' | 'clock'>,
  { tenant, promotion_id }: ApprovalLink,
  principal: Principal,
): Promise<Refusal> {
  await denials.record({
    tenant,
    at: clock.now(),
    actor: actorOf(principal),
    code: 'link_not_yours',
    action: 'approve',
    promotion_id,
  });
  return refuse('link_not_yours', 'this link is for somebody else');
}
