import type { Lock } from '../catalog/environment.ts';
import type { ConditionFacts } from '../conditions/condition.ts';
import type { Digest } from '../digest.ts';
import type { Evidence } from '../gates/evidence.ts';
import type { Actor, Principal } from '../identity/principal.ts';
import type { Requirements } from '../policy/requirements.ts';
import type { RuleApplied } from '../policy/rule-applied.ts';
import type { PromotionType } from '../promotion-type.ts';
import type { Claim, Subject } from '../subject.ts';
import type { Weakened } from './governor.ts';
import type { Execution, Plan } from './manifest.ts';
import type { Failure, PromotionRequest, Schedule } from './state.ts';
import type { VerificationTerms } from './verification-terms.ts';

/** What an assessment is made of, read fresh. */
export type AssessmentFacts = {
  readonly plan: Plan;
  readonly requirements: Requirements;
  readonly evidence: readonly Evidence[];
  readonly conditions: ConditionFacts;
  /** The guard of the target, read before all the rest. */
  readonly guard?: number;
  /** What stops executions now. A promotion that one of them blocked stays blocked while it is given. */
  readonly lock?: Lock & { readonly scope: 'environment' | 'tenant' };
  readonly freeze?: Freeze;
  readonly claim?: Claim;
};

/** A time in which nothing executes but rollbacks. Without `ends_at` no end is in sight; `on_due` is for what was scheduled into it. */
export type Freeze = {
  readonly reason: string;
  readonly ends_at?: string;
  readonly on_due?: 'wait' | 'fail';
};

/** The people whose approval separation of duties may exclude; `unreadable` fails closed. */
export type SeparationFacts =
  | 'unreadable'
  | {
      readonly authors: readonly Actor[];
      readonly previous_promoters: readonly Actor[];
      readonly evidence_producers: readonly Actor[];
      /** Machines among the requesters, with the owners that they have now where the record names others. */
      readonly requesters?: readonly Actor[];
    };

/** What may stop an execution now: read fresh, checked again in the transaction that claims the head. */
export type ExecutionFacts = AssessmentFacts & {
  readonly separation: SeparationFacts;
  readonly head: { readonly digest: Digest | null; readonly version: number; readonly claim?: Claim };
};

/** The moment and the person of a command: read once at the edge, never inside. */
export type Context = { readonly now: string; readonly actor: Actor };

/** The guard of the target that a command was made on; `undefined` where it reads none. */
export function guardOf(command: Command): number | undefined {
  if ('facts' in command) return command.facts.guard;
  return command.type === 'approve' ? command.guard : undefined;
}

export type Command =
  | {
      readonly type: 'request';
      readonly id: string;
      readonly tenant: string;
      readonly promotion_type: PromotionType;
      readonly subject: Subject;
      readonly source_environment: string;
      readonly target_environment: string;
      readonly target_slot: string;
      readonly request: PromotionRequest;
      /** What the requester asked for; absent takes the kind's default. */
      readonly execution?: Execution;
      readonly rule_id?: string;
      readonly rule?: RuleApplied;
      readonly supersedes?: string;
      readonly also_requested_by?: readonly Actor[];
      readonly facts: AssessmentFacts;
    }
  /** Judges again; with another plan or policy it seals anew and voids what was approved. */
  | { readonly type: 'assess'; readonly facts: AssessmentFacts; readonly reason_code?: string }
  | {
      readonly type: 'attach_evidence';
      readonly gate: string;
      readonly evidence: Digest;
      readonly facts: AssessmentFacts;
    }
  | {
      readonly type: 'approve';
      readonly manifest_digest?: Digest;
      readonly comment?: string;
      readonly groups: readonly string[];
      readonly separation: SeparationFacts;
      /** The guard of the target, read at this moment. */
      readonly guard?: number;
      /** What weakened the target since `governedSince`. */
      readonly weakened: readonly Weakened[];
    }
  | { readonly type: 'reject'; readonly reason: string }
  | { readonly type: 'request_changes'; readonly reason: string }
  /** `request`: what is asked for now, where that has changed. */
  | { readonly type: 'resubmit'; readonly facts: AssessmentFacts; readonly request?: PromotionRequest }
  /** Without `on_missed` it stays as it was, `execute` at first. */
  | ({ readonly type: 'schedule' } & Pick<Schedule, 'at'> & Partial<Schedule>)
  | { readonly type: 'unschedule' }
  /** The execute verb: commits the intent. Refuses at once what can be refused at once. */
  | {
      readonly type: 'request_execution';
      readonly facts: ExecutionFacts;
      readonly weakened: readonly Weakened[];
    }
  /** The workflow's own step: claims the head. */
  | {
      readonly type: 'start_execution';
      readonly deployment_id: string;
      readonly facts: ExecutionFacts;
      /** Those of its approvers who are still members, as the directory knows them now. */
      readonly approvers: readonly Principal[];
      readonly weakened: readonly Weakened[];
      /** Absent: nobody verifies what goes live there. */
      readonly verifies?: VerificationTerms;
    }
  | { readonly type: 'complete'; readonly revision: number }
  | ({ readonly type: 'fail' } & Failure)
  | { readonly type: 'cancel'; readonly reason?: string }
  /** The approval's time has run out: closes it when that is true, else changes nothing. */
  | { readonly type: 'expire' }
  | { readonly type: 'roll_back'; readonly by: string }
  /** A late word on an execution that failed with an unknown outcome. */
  | { readonly type: 'settle_outcome'; readonly outcome: 'live' | 'failed' }
  /** The gateway says that what went live no longer serves. */
  | {
      readonly type: 'reverse_outcome';
      readonly outcome: 'failed' | 'rolled_back';
      readonly message?: string;
    }
  /** Decides the verification where reports or time do, else changes nothing. `evidence`: what there is of its gate. */
  | { readonly type: 'verify'; readonly evidence: readonly Evidence[] }
  /** What follows by itself from a failed verification. */
  | { readonly type: 'begin_rollback'; readonly promotion_id: string }
  | { readonly type: 'decline_rollback'; readonly reason_code: string };
