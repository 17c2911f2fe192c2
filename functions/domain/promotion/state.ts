import type { Digest } from '../digest.ts';
import type { GateResult } from '../gates/gate.ts';
import type { Actor } from '../identity/principal.ts';
import type { Requirements } from '../policy/requirements.ts';
import type { RuleDecided } from '../policy/rule-applied.ts';
import type { PromotionType } from '../promotion-type.ts';
import type { Subject } from '../subject.ts';
import type { Execution, Manifest, Plan } from './manifest.ts';
import type { Verification, VerificationTerms } from './verification-terms.ts';

export const STATUSES = [
  'pending',
  'blocked',
  'approved',
  'scheduled',
  'executing',
  'completed',
  'rejected',
  'cancelled',
  'failed',
  'rolled_back',
] as const;
export type Status = (typeof STATUSES)[number];

/** An agent from the deployment that runs in one environment to a gateway of the next. */
export type AgentAsked = {
  readonly kind: 'agent';
  readonly agent_id: string;
  /** Of a rollback: the deployment that ran on the gateway at the revision that is gone back to. */
  readonly source_deployment_id: string;
  readonly target_gateway_id: string;
  readonly notes?: string;
  readonly rollback?: AgentRollback;
};

/** Takes an agent's gateway back to a revision that it had; `promotion_id` is the promotion that was named and is taken back. */
export type AgentRollback = {
  readonly promotion_id?: string;
  readonly mode: 'restore' | 'revert';
  readonly to: Digest;
  readonly revision: number;
};

export const CONFIG_SELECTIONS = ['FULL', 'SELECTIVE', 'PATTERN'] as const;

/** Configs and flags of one environment to another: all of them, those named by id or key, or those whose keys match. */
export type ConfigAsked = {
  readonly kind: 'config';
  readonly selects: (typeof CONFIG_SELECTIONS)[number];
  readonly config_ids: readonly string[];
  readonly flag_ids: readonly string[];
  readonly key_patterns: readonly string[];
  /** Also deletes what the source has not. */
  readonly prune: boolean;
  readonly notes?: string;
  readonly rollback?: ConfigRollback;
};

/**
 * Takes an environment back: `restore` to all that it held at a revision, `revert` by undoing the changes of one promotion and keeping later
 * ones. `from` and `to` are the roots that are gone back from and to; `promotion_id` is the promotion that was named and is taken back.
 */
export type ConfigRollback = {
  readonly promotion_id?: string;
  readonly mode: 'restore' | 'revert';
  readonly from: Digest;
  readonly to: Digest;
  /** The number of the revision that is gone back to, 0 for what was before the first. */
  readonly revision?: number;
};

/** A version of an artifact (semver without `v`) from one environment to the next; to the secondary registries too, where asked. */
export type ArtifactAsked = {
  readonly kind: 'artifact';
  readonly artifact: string;
  readonly version: string;
  readonly sync_registries: boolean;
  /** Who asked for it knows that the version has reached its end of life. */
  readonly acknowledge_eol?: true;
  readonly notes?: string;
  readonly rollback?: ArtifactRollback;
};

/**
 * Goes back to a revision that the environment had; `promotion_id` is the promotion that is taken back, where one was named.
 * `deployment_id` is the recorded deployment whose content a pipeline brings back; without it Sluice copies the content itself.
 */
export type ArtifactRollback = {
  readonly to: Digest;
  readonly revision: number;
  readonly promotion_id?: string;
  readonly deployment_id?: string;
};

/** What the requester asked for, by kind. */
export type PromotionRequest = AgentAsked | ConfigAsked | ArtifactAsked;

/** A promotion as sealed: what would happen and what it needs. Instants are RFC 3339 in UTC with milliseconds. */
export type Seal = {
  readonly manifest: Manifest;
  readonly manifest_digest: Digest;
  readonly plan: Plan;
  readonly requirements: Requirements;
};

/** One person's yes to one manifest. `groups` are those the person was in at that moment. */
export type Approval = {
  readonly actor: Actor;
  readonly groups: readonly string[];
  readonly manifest_digest: Digest;
  readonly at: string;
  readonly comment?: string;
};

export type Schedule = { readonly at: string; readonly on_missed: 'execute' | 'fail' };

/** Why a promotion failed, and how it left the target. */
export type Failure = {
  readonly code: string;
  readonly message: string;
  readonly technical: string;
  readonly target_state: 'unchanged' | 'restored' | 'unknown';
};

/** The late word on a failure of unknown outcome. */
export type Settled = { readonly outcome: 'live' | 'failed'; readonly by: Actor; readonly at: string };

/** The gateway's word, after the promotion went live, that what it deployed no longer serves. */
export type Reversed = {
  readonly outcome: 'failed' | 'rolled_back';
  readonly by: Actor;
  readonly at: string;
  readonly message?: string;
};

/** What every promotion has, whatever its status. `seq` numbers its last event and is its version; `chain` is that event's digest. */
export type Common = {
  readonly id: string;
  readonly tenant: string;
  readonly type: PromotionType;
  readonly subject: Subject;
  readonly source_environment: string;
  readonly target_environment: string;
  /** Which head of the subject is meant, as `slotText` writes it: `environment`, for an agent `environment#gateway`. */
  readonly target_slot: string;
  readonly request: PromotionRequest;
  readonly requester: Actor;
  /** Who else counts as requester: the people of the promotion tried again, and whoever sealed other content since. */
  readonly also_requested_by?: readonly Actor[];
  readonly requested_at: string;
  /** When it was put forward again: links that are older open nothing. */
  readonly resubmitted_at?: string;
  /** The rule that asked for it, when nobody did. */
  readonly rule_id?: string;
  /** What its decisions name of that rule. */
  readonly rule?: RuleDecided;
  readonly execution: Execution;
  readonly seal: Seal;
  readonly gates: readonly GateResult[];
  readonly decision_digest: Digest;
  readonly approvals: readonly Approval[];
  readonly schedule?: Schedule;
  readonly expires_at: string;
  /** Why it stands where it stands, when that is not plain from the status: `target_moved`, `frozen`, a gate's reason. */
  readonly reason_code?: string;
  readonly seq: number;
  readonly chain: Digest;
};

/**
 * What a pending promotion waits for. `assessment`: the seal was broken at execution and nobody has to approve the new one; it goes
 * on by itself but for `target_moved`, where a person looks first. `approval`, `changes`: people.
 */
export type WaitingFor = 'assessment' | 'approval' | 'changes';

/** Set once every requirement was met. `approved_by` completed the quorum; absent when nobody had to. */
export type Approved = { readonly approved_at: string; readonly approved_by?: Actor };
/** Set once the head was claimed. `deployment_id` is allocated before any effect; `fence` is the claimed head's new version. */
export type Started = Approved & {
  readonly started_at: string;
  readonly fence: number;
  readonly deployment_id: string;
  readonly executor: Actor;
  /** Until it is completed: how it will be verified. */
  readonly verifies?: VerificationTerms;
};

export type PromotionState = Common &
  (
    | { readonly status: 'pending'; readonly waiting_for: WaitingFor; readonly changes_requested?: string }
    | {
        readonly status: 'blocked';
        readonly blocked_by: readonly string[];
        /** Who asked for the execution that was stopped. */
        readonly execution_requested?: Actor;
      }
    | ({ readonly status: 'approved'; readonly execution_requested?: Actor } & Approved)
    | ({ readonly status: 'scheduled'; readonly schedule: Schedule } & Approved)
    | ({ readonly status: 'executing' } & Started)
    | ({
        readonly status: 'completed';
        readonly completed_at: string;
        readonly reversed?: Reversed;
        readonly verification?: Verification;
      } & Started)
    | ({
        readonly status: 'rolled_back';
        readonly completed_at: string;
        readonly rolled_back_by: string;
        readonly reversed?: Reversed;
        readonly verification?: Verification;
      } & Started)
    | ({
        readonly status: 'failed';
        readonly completed_at: string;
        readonly failure: Failure;
        readonly settled?: Settled;
        readonly reversed?: Reversed;
      } & Partial<Started>)
    | {
        readonly status: 'rejected';
        readonly closed_by: 'person' | 'expiry';
        readonly reason: string;
        readonly rejected_by: Actor;
        readonly completed_at: string;
      }
    | {
        readonly status: 'cancelled';
        readonly cancelled_by: Actor;
        readonly reason?: string;
        readonly completed_at: string;
      }
  );

/** A promotion of one status. */
export type InStatus<S extends Status> = Extract<PromotionState, { readonly status: S }>;
/** A promotion that may still be decided. */
export type OpenState = InStatus<'pending' | 'blocked' | 'approved' | 'scheduled'>;
/** A promotion to which nothing but a rollback can happen any more. */
export type ClosedState = InStatus<'completed' | 'rejected' | 'cancelled' | 'failed' | 'rolled_back'>;
