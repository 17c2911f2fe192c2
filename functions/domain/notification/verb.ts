import type { PromotionEvent } from '../promotion/events.ts';

/** The verb by which the outside knows each event. */
export const VERBS = {
  PromotionRequested: 'requested',
  PromotionAssessed: 'assessed',
  PromotionBlocked: 'blocked',
  EvidenceAttached: 'evidenceattached',
  ApprovalGranted: 'approvalgranted',
  ChangesRequested: 'changesrequested',
  PromotionResubmitted: 'resubmitted',
  ApprovalsVoided: 'approvalsvoided',
  PromotionApproved: 'approved',
  PromotionRejected: 'rejected',
  PromotionScheduled: 'scheduled',
  PromotionUnscheduled: 'unscheduled',
  ExecutionRequested: 'executionrequested',
  ExecutionHeld: 'executionheld',
  ExecutionStarted: 'executionstarted',
  PromotionCompleted: 'completed',
  PromotionFailed: 'failed',
  PromotionCancelled: 'cancelled',
  PromotionRolledBack: 'rolledback',
  OutcomeSettled: 'outcomesettled',
  OutcomeReversed: 'outcomereversed',
  VerificationDecided: 'verificationdecided',
  RollbackBegun: 'rollbackbegun',
  RollbackDeclined: 'rollbackdeclined',
} as const satisfies { readonly [type in PromotionEvent['type']]: string };

export type Verb = (typeof VERBS)[PromotionEvent['type']];
