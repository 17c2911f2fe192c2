import type { Digest } from '../../domain/digest.ts';
import type { Decision } from '../../domain/promotion/decision.ts';
import { decisionDigest } from '../../domain/promotion/judge.ts';
import { decideAgain } from '../../domain/promotion/recorded-decisions.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { type DecisionRef, readDecision } from './decision.ts';

export type Replay = {
  readonly seq: number;
  readonly recorded: Digest;
  readonly replayed: Digest;
  /** Whether the recorded inputs give the recorded decision, to the byte. */
  readonly same: boolean;
  readonly decision: Decision;
};

/** Makes a decision again from what was recorded when it was made. */
export async function replayDecision(
  deps: Pick<Deps, 'promotions'>,
  ref: DecisionRef,
): Promise<Replay | Refusal> {
  const recorded = await readDecision(deps, ref);
  if (isRefusal(recorded)) return recorded;
  const decision = decideAgain(recorded);
  const replayed = decisionDigest(decision);
  return {
    seq: recorded.seq,
    recorded: recorded.decision_digest,
    replayed,
    same: replayed === recorded.decision_digest,
    decision,
  };
}
