import type { ConditionFacts } from '../conditions/condition.ts';
import type { Digest } from '../digest.ts';
import type { Evidence } from '../gates/evidence.ts';
import type { Decision } from './decision.ts';
import type { StoredEvent } from './events.ts';
import { judge } from './judge.ts';
import { keptApprovals } from './standing.ts';
import type { Approval, Seal } from './state.ts';

/** A recorded decision and the recorded inputs that it was made of; evidence is recorded by its digest, in the decision's gates. */
export type RecordedDecision = {
  /** The event that carries it. */
  readonly seq: number;
  readonly decision: Decision;
  readonly decision_digest: Digest;
  readonly seal: Seal;
  readonly facts: ConditionFacts;
  readonly approvals: readonly Approval[];
};

/** Every decision of a history, oldest first: of each assessment, and of the moment it began to execute. */
export function recordedDecisions(events: readonly StoredEvent[]): readonly RecordedDecision[] {
  let approvals: readonly Approval[] = [];
  let seal: Seal | undefined;
  const decisions: RecordedDecision[] = [];
  for (const { seq, event } of events) {
    switch (event.type) {
      case 'ApprovalGranted':
        approvals = [...approvals, event.approval];
        break;
      case 'ApprovalsVoided':
        approvals = keptApprovals(approvals, event);
        break;
      case 'PromotionAssessed': {
        const { decision, decision_digest, facts } = event;
        seal = event.seal;
        decisions.push({ seq, decision, decision_digest, seal, facts, approvals });
        break;
      }
      case 'ExecutionStarted': {
        const { decision, decision_digest, facts } = event;
        if (seal !== undefined) decisions.push({ seq, decision, decision_digest, seal, facts, approvals });
        break;
      }
      // No other event carries or changes what is judged.
      default:
        break;
    }
  }
  return decisions;
}

/** Decides again from what was recorded and the evidence that it names. */
export function decideAgain(
  { seal, facts, approvals, decision }: RecordedDecision,
  evidence: readonly Evidence[] = [],
): Decision {
  const { promotion_id, as_of } = decision;
  return judge({ promotion_id, seal, evidence, conditions: facts, approvals, as_of });
}
