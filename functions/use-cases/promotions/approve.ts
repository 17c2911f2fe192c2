import type { Digest } from '../../domain/digest.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { mayApprove } from '../../domain/promotion/separation.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { type ActDeps, type Acting, act } from '../engine/act.ts';
import { weakenedFor } from '../engine/facts.ts';
import { peopleOf } from '../engine/people.ts';

export type ApproveInput = Acting & {
  /** The manifest that the person saw; absent, the one sealed at this moment. */
  readonly manifest_digest?: Digest;
  readonly comment?: string;
};

/**
 * One person's yes. The one that completes the quorum approves the promotion. A second yes of the same person changes nothing.
 * Refuses `not_found`, `already_decided`, `separation_of_duties`, `not_authorized`, `manifest_changed`, `comment_required`,
 * `invalid_transition`, `expired`.
 */
export function approvePromotion(deps: ActDeps, input: ApproveInput): Promise<PromotionState | Refusal> {
  const { manifest_digest, comment, ...acting } = input;
  const { principal } = acting;
  const separationOf = (state: PromotionState) =>
    peopleOf(deps, state, state.seal.requirements.separation_of_duties);
  return act(deps, {
    ...acting,
    type: 'approve',
    action: 'approve',
    before: async (state) => mayApprove(state, actorOf(principal), await separationOf(state)),
    prepare: async (state) => {
      const { tenant, target_environment } = state;
      const [separation, weakened, target] = await Promise.all([
        separationOf(state),
        weakenedFor(deps, state),
        deps.catalog.item(tenant, 'environment', target_environment),
      ]);
      return {
        type: 'approve',
        groups: principal.groups,
        separation,
        weakened,
        ...(target === undefined ? {} : { guard: target.guard }),
        ...(manifest_digest === undefined ? {} : { manifest_digest }),
        ...(comment === undefined ? {} : { comment }),
      };
    },
  });
}

/** Saying no, or not yet, to one's own request is refused too: whoever wants it back cancels it. */
export function ownRequest(state: PromotionState, principal: Principal): Refusal | undefined {
  return mayApprove(state, actorOf(principal), {
    authors: [],
    previous_promoters: [],
    evidence_producers: [],
  });
}
