import type { Digest } from '../../domain/digest.ts';
import type { Decision } from '../../domain/promotion/decision.ts';
import { decisionDigest, judge } from '../../domain/promotion/judge.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { readDecision } from './decision.ts';

export type Replay = {
  readonly recorded: Digest;
  readonly replayed: Digest;
  /** Whether the recorded inputs give the recorded decision, to the byte. */
  readonly same: boolean;
  readonly decision: Decision;
};

/** Makes the newest decision again from what was recorded when it was made. */
export async function replayDecision(
  deps: Pick<Deps, 'promotions'>,
  ref: PromotionRef,
): Promise<Replay | Refusal> {
  const recorded = await readDecision(deps, ref);
  if (isRefusal(recorded)) return recorded;
  const { seal, facts, approvals, decision: then } = recorded;
  const decision = judge({
    promotion_id: ref.id,
    seal,
    evidence: [],
    conditions: facts,
    approvals,
    as_of: then.as_of,
  });
  const replayed = decisionDigest(decision);
  return {
    recorded: recorded.decision_digest,
    replayed,
    same: replayed === recorded.decision_digest,
    decision,
  };
}
