import type { ConditionFacts } from '../conditions/condition.ts';
import type { Digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import type { RuleApplied } from '../policy/rule-applied.ts';
import type { PromotionType } from '../promotion-type.ts';
import type { Subject } from '../subject.ts';
import type { Decision } from './decision.ts';
import type { Execution } from './manifest.ts';
import type { Approval, Failure, PromotionRequest, Schedule, Seal } from './state.ts';
import type { VerificationTerms, Verified } from './verification-terms.ts';

/** What was judged, so that it can be judged again: the conditions' facts; evidence and approvals are in the chain already. */
export type Assessment = {
  readonly seal: Seal;
  readonly facts: ConditionFacts;
  readonly decision: Decision;
  readonly decision_digest: Digest;
};

/** What happened, in the past tense. The names and shapes are stored for years: a changed shape is a new `v`. */
export type PromotionEvent =
  | {
      readonly type: 'PromotionRequested';
      readonly id: string;
      readonly tenant: string;
      readonly promotion_type: PromotionType;
      readonly subject: Subject;
      readonly source_environment: string;
      readonly target_environment: string;
      readonly target_slot: string;
      readonly request: PromotionRequest;
      readonly execution: Execution;
      readonly rule_id?: string;
      /** The rule as it was, and the facts that it read; absent in what was recorded before. */
      readonly rule?: RuleApplied;
      readonly supersedes?: string;
      readonly also_requested_by?: readonly Actor[];
      /** The version of the rules in docs/legitimacy.md by which it is judged; absent in what was recorded before them. */
      readonly rules?: number;
    }
  | ({ readonly type: 'PromotionAssessed' } & Assessment & { readonly expires_at: string })
  | {
      readonly type: 'PromotionBlocked';
      readonly blocked_by: readonly string[];
      readonly reason_code: string;
      /** Who had asked for the execution that was stopped: it goes on once nothing stops it. */
      readonly execution_requested?: Actor;
    }
  | { readonly type: 'EvidenceAttached'; readonly gate: string; readonly evidence: Digest }
  | { readonly type: 'ApprovalGranted'; readonly approval: Approval }
  | { readonly type: 'ChangesRequested'; readonly reason: string }
  | { readonly type: 'PromotionResubmitted'; readonly request?: PromotionRequest }
  | {
      readonly type: 'ApprovalsVoided';
      readonly reason_code: string;
      readonly manifest_digest: Digest;
      /** The subjects whose approvals are void, the others' being kept; absent: all are. */
      readonly approvers?: readonly string[];
    }
  | { readonly type: 'PromotionApproved'; readonly approved_by?: Actor }
  | { readonly type: 'PromotionRejected'; readonly closed_by: 'person' | 'expiry'; readonly reason: string }
  | ({ readonly type: 'PromotionScheduled' } & Schedule)
  | { readonly type: 'PromotionUnscheduled' }
  /** `by`: for whom it executes, where that is not the actor. `cause`: absent where a person or a machine asked. */
  | { readonly type: 'ExecutionRequested'; readonly by?: Actor; readonly cause?: Cause }
  /** The execution that was asked for is not begun: it waits for another person to ask for it. */
  | { readonly type: 'ExecutionHeld'; readonly reason_code: string }
  | {
      readonly type: 'ExecutionStarted';
      readonly fence: number;
      readonly deployment_id: string;
      readonly base: Digest | null;
      readonly facts: ConditionFacts;
      readonly decision: Decision;
      readonly decision_digest: Digest;
      readonly verifies?: VerificationTerms;
    }
  | { readonly type: 'PromotionCompleted'; readonly revision: number }
  | ({ readonly type: 'PromotionFailed' } & Failure)
  | { readonly type: 'PromotionCancelled'; readonly reason?: string }
  | { readonly type: 'PromotionRolledBack'; readonly by: string }
  /** What became of an execution that failed with an unknown outcome: its gateway or an admin said so later. */
  | { readonly type: 'OutcomeSettled'; readonly outcome: 'live' | 'failed' }
  /** What it had deployed no longer serves, says its gateway: it failed after all, or was taken back there. The head stays. */
  | {
      readonly type: 'OutcomeReversed';
      readonly outcome: 'failed' | 'rolled_back';
      readonly message?: string;
    }
  /** Whether what went live holds: a report said so, its gateway did, or nobody did in time. */
  | ({ readonly type: 'VerificationDecided' } & Verified)
  /** A failed verification is followed by a rollback that nobody asked for, or by none. */
  | { readonly type: 'RollbackBegun'; readonly promotion_id: string }
  | { readonly type: 'RollbackDeclined'; readonly reason_code: string };

/** Why Sluice asks for an execution: the promotion executes by itself, or its time had come. */
export type Cause = 'automatic' | 'schedule';

/** The present version of the rules that promotions are recorded under. */
export const RULES_VERSION = 1;

/** The present version of every event's shape. */
export const EVENT_VERSION = 1;

/** An event as stored: numbered from 1 within its promotion, chained by the digest of the one before. */
export type StoredEvent = {
  readonly v: number;
  readonly seq: number;
  readonly at: string;
  readonly actor: Actor;
  readonly prev: Digest | null;
  /** The target's guard when the decision began to read: every change that had raised it so far came before. */
  readonly guard?: number;
  readonly event: PromotionEvent;
};
