import type { Digest } from '../../domain/digest.ts';
import type { ConditionFacts } from '../../domain/policy/condition.ts';
import type { Decision } from '../../domain/promotion/decision.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { Approval, Seal } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { readTimeline } from './timeline.ts';

/** A recorded decision and the recorded inputs that it was made of. */
export type RecordedDecision = {
  readonly seq: number;
  readonly decision: Decision;
  readonly decision_digest: Digest;
  readonly seal: Seal;
  readonly facts: ConditionFacts;
  readonly approvals: readonly Approval[];
};

/** The newest decision on a promotion: of its last assessment, or of the moment it began to execute. */
export async function readDecision(
  deps: Pick<Deps, 'promotions'>,
  ref: PromotionRef,
): Promise<RecordedDecision | Refusal> {
  const events = await readTimeline(deps, ref);
  if (isRefusal(events)) return events;
  return lastDecision(events) ?? refuse('not_found', `nothing was decided on ${ref.id} yet`);
}

/** Walks a history and keeps what each decision was made of. */
export function lastDecision(events: readonly StoredEvent[]): RecordedDecision | undefined {
  let approvals: readonly Approval[] = [];
  let seal: Seal | undefined;
  let last: RecordedDecision | undefined;
  for (const { seq, event } of events) {
    switch (event.type) {
      case 'ApprovalGranted':
        approvals = [...approvals, event.approval];
        break;
      case 'ApprovalsVoided':
        approvals = [];
        break;
      case 'PromotionAssessed': {
        const { decision, decision_digest, facts } = event;
        seal = event.seal;
        last = { seq, decision, decision_digest, seal, facts, approvals };
        break;
      }
      case 'ExecutionStarted': {
        const { decision, decision_digest, facts } = event;
        if (seal !== undefined) last = { seq, decision, decision_digest, seal, facts, approvals };
        break;
      }
      // No other event carries or changes what is judged.
      default:
        break;
    }
  }
  return last;
}
