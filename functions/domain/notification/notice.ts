import { Fault } from '../faults.ts';
import type { PromotionEvent, StoredEvent } from '../promotion/events.ts';
import { evolve, type Requested } from '../promotion/evolve.ts';
import type { PromotionState } from '../promotion/state.ts';
import { unreachable } from '../unreachable.ts';
import { VERBS, type Verb } from './verb.ts';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What is told of one stored event of a promotion's chain. */
export type Notice = {
  /** `<promotion id>-<seq>`: the same however often it is told; `webhook-id` and the id of its CloudEvent. */
  readonly id: string;
  readonly tenant: string;
  /** As it is when the notice is told, which may be after later events. */
  readonly promotion: PromotionState;
  readonly event: StoredEvent;
  readonly verb: Verb;
  readonly severity: Severity;
  /** The promotion's target. */
  readonly environment: string;
  /** After this event the promotion waits for approval, and before it did not. */
  readonly asks_approval: boolean;
};

/** A notice for each event of a promotion's whole chain, in its order. Throws `Corrupt` when the events do not follow one another. */
export function noticesOf(events: readonly StoredEvent[], promotion: PromotionState): readonly Notice[] {
  let state: PromotionState | Requested | undefined;
  return events.map((event) => {
    if (event.seq !== (state?.seq ?? 0) + 1) {
      throw new Fault('Corrupt', `event ${event.seq} of ${promotion.id} does not follow the one before it`);
    }
    const waited = waitsForApproval(state);
    state = evolve(state, event);
    return {
      id: `${promotion.id}-${event.seq}`,
      tenant: promotion.tenant,
      promotion,
      event,
      verb: VERBS[event.event.type],
      severity: severityOf(event.event),
      environment: promotion.target_environment,
      asks_approval: !waited && waitsForApproval(state),
    };
  });
}

/** Whether people's approval is what a promotion waits for. */
export function waitsForApproval(state: PromotionState | Requested | undefined): boolean {
  return state?.status === 'pending' && state.waiting_for === 'approval';
}

const VERIFIED = { passed: 'info', unknown: 'warning', failed: 'critical' } as const;

/** `critical`: it broke. `warning`: it does not go on by itself, or what went live was taken back. */
function severityOf(event: PromotionEvent): Severity {
  const { type } = event;
  switch (type) {
    case 'VerificationDecided':
      return VERIFIED[event.outcome];
    case 'PromotionFailed':
      return 'critical';
    case 'PromotionBlocked':
    case 'ChangesRequested':
    case 'ApprovalsVoided':
    case 'ExecutionHeld':
    case 'PromotionRejected':
    case 'PromotionRolledBack':
    case 'OutcomeReversed':
    case 'RollbackBegun':
    case 'RollbackDeclined':
      return 'warning';
    case 'PromotionRequested':
    case 'PromotionAssessed':
    case 'EvidenceAttached':
    case 'ApprovalGranted':
    case 'PromotionResubmitted':
    case 'PromotionApproved':
    case 'PromotionScheduled':
    case 'PromotionUnscheduled':
    case 'ExecutionRequested':
    case 'ExecutionStarted':
    case 'PromotionCompleted':
    case 'PromotionCancelled':
    case 'OutcomeSettled':
      return 'info';
    default:
      return unreachable(type);
  }
}
