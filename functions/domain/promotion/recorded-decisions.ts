import type { ConditionFacts } from '../conditions/condition.ts';
import type { Digest } from '../digest.ts';
import type { Evidence } from '../gates/evidence.ts';
import { type RuleApplied, ruleDecided } from '../policy/rule-applied.ts';
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
  /** Of an automatic promotion: the rule as it was, and each fact that its conditions read. */
  readonly rule?: RuleApplied;
};

/** Every decision of a history, oldest first: of each assessment, and of the moment it began to execute. */
export function recordedDecisions(events: readonly StoredEvent[]): readonly RecordedDecision[] {
  let approvals: readonly Approval[] = [];
  let seal: Seal | undefined;
  let rule: { readonly rule?: RuleApplied } = {};
  const decisions: RecordedDecision[] = [];
  for (const { seq, event } of events) {
    switch (event.type) {
      case 'PromotionRequested':
        rule = event.rule === undefined ? {} : { rule: event.rule };
        break;
      case 'ApprovalGranted':
        approvals = [...approvals, event.approval];
        break;
      case 'ApprovalsVoided':
        approvals = keptApprovals(approvals, event);
        break;
      case 'PromotionAssessed': {
        const { decision, decision_digest, facts } = event;
        seal = event.seal;
        decisions.push({ seq, decision, decision_digest, seal, facts, approvals, ...rule });
        break;
      }
      case 'ExecutionStarted': {
        const { decision, decision_digest, facts } = event;
        if (seal !== undefined)
          decisions.push({ seq, decision, decision_digest, seal, facts, approvals, ...rule });
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
  { seal, facts, approvals, decision, rule }: RecordedDecision,
  evidence: readonly Evidence[] = [],
): Decision {
  const { promotion_id, as_of } = decision;
  const inputs = { promotion_id, seal, evidence, conditions: facts, approvals, as_of };
  // A decision that names no rule was made by code that knew none.
  const named = rule !== undefined && decision.rule !== undefined;
  return judge(named ? { ...inputs, rule: ruleDecided(rule) } : inputs);
}
