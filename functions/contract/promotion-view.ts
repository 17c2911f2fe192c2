import * as z from 'zod/mini';
import { ON_FAILURE } from '../domain/catalog/environment.ts';
import { DigestText, Instant } from '../domain/fields.ts';
import { STATUSES } from '../domain/promotion/state.ts';
import { KINDS } from '../domain/subject.ts';
import { GateResultView } from './gate-result-view.ts';
import { MissingApprovers } from './missing-approvers.ts';

/** A promotion as the snake_case API shows it: the 16 fields of the agent-promotion document, and what Sluice adds. */

export const ApprovalView = z.strictObject({
  subject: z.string(),
  email: z.string(),
  kind: z.enum(['person', 'machine', 'system']),
  groups: z.array(z.string()),
  manifest_digest: DigestText,
  comment: z.nullable(z.string()),
  at: Instant,
});

/** What became of an unknown outcome, once it was reported. */
export const SettledView = z.strictObject({
  outcome: z.enum(['live', 'failed']),
  by: z.string(),
  at: Instant,
});

/** What the gateway said, after the promotion went live, of what it had deployed. Rollback moves the head. */
export const ReversedView = z.strictObject({
  outcome: z.enum(['failed', 'rolled_back']),
  by: z.string(),
  at: Instant,
  message: z.nullable(z.string()),
});

/**
 * Whether what went live holds. `pending`: a report of `gate` is waited for until `until`. `rollback`: what followed by itself from a failure,
 * a promotion or why there is none.
 */
export const VerificationView = z.strictObject({
  status: z.enum(['pending', 'passed', 'failed', 'unknown']),
  gate: z.string(),
  until: Instant,
  on_failure: z.enum(ON_FAILURE),
  reason_code: z.nullable(z.string()),
  decided_at: z.nullable(Instant),
  evidence: z.nullable(DigestText),
  rollback: z.nullable(
    z.strictObject({ promotion_id: z.nullable(z.string()), reason_code: z.nullable(z.string()) }),
  ),
});

const FailureView = z.strictObject({
  code: z.string(),
  message: z.string(),
  technical: z.string(),
  target_state: z.enum(['unchanged', 'restored', 'unknown']),
  settled: z.exactOptional(SettledView),
});

/** A lock, a freeze or another promotion that keeps one from executing; `ends_at` where that is known. */
export const StopView = z.strictObject({
  code: z.string(),
  detail: z.string(),
  ends_at: z.nullable(Instant),
});
export type StopView = z.infer<typeof StopView>;

/** `null` says "not", or "not yet". `created_by` and `approved_by` are subject ids; the e-mails of approvers are in `approvals`. */
export const PromotionView = z.strictObject({
  id: z.string(),
  organization_id: z.string(),
  agent_id: z.nullable(z.string()),
  source_deployment_id: z.nullable(z.string()),
  target_gateway_id: z.nullable(z.string()),
  /** Of an artifact: the version, as it was published. */
  artifact_version: z.nullable(z.string()),
  source_environment: z.string(),
  target_environment: z.string(),
  status: z.enum(STATUSES),
  requires_approval: z.boolean(),
  approved_by: z.nullable(z.string()),
  approved_at: z.nullable(Instant),
  rejection_reason: z.nullable(z.string()),
  target_deployment_id: z.nullable(z.string()),
  created_by: z.string(),
  /** The requester's e-mail address; empty of machines that have none. */
  created_by_email: z.string(),
  created_at: Instant,
  completed_at: z.nullable(Instant),

  kind: z.enum(KINDS),
  type: z.enum(['promotion', 'rollback']),
  subject: z.strictObject({ kind: z.enum(KINDS), name: z.string() }),
  manifest_digest: DigestText,
  decision_digest: DigestText,
  waiting_for: z.nullable(z.enum(['assessment', 'approval', 'changes', 'execution'])),
  required_approvers: z.int(),
  approvals: z.array(ApprovalView),
  /** Where it waits for approvals: the groups of which too few have approved. */
  missing_groups: z.exactOptional(z.array(z.string())),
  gates: z.array(GateResultView),
  blocked_by: z.array(z.string()),
  reason_code: z.nullable(z.string()),
  changes_requested: z.nullable(z.string()),
  closed_by: z.nullable(z.enum(['person', 'expiry'])),
  execution: z.enum(['manual', 'automatic']),
  scheduled_at: z.nullable(Instant),
  on_missed: z.nullable(z.enum(['execute', 'fail'])),
  expires_at: Instant,
  rule_id: z.nullable(z.string()),
  failure: z.nullable(FailureView),
  outcome_reversed: z.nullable(ReversedView),
  /** Of what was completed where its environment has a `verification`. */
  verification: z.nullable(VerificationView),
  version: z.int(),
  /** Where one promotion is read or only tried: what keeps it from executing now. */
  stopped_by: z.exactOptional(z.array(StopView)),
  /** Where one promotion is read: the approvals it waits for that nobody is left to give. */
  warnings: z.exactOptional(z.array(MissingApprovers)),
  /** On a dry run alone: the status it would have got. Nothing was written, and the id is nobody's. */
  would_be: z.exactOptional(z.enum(STATUSES)),
});
export type PromotionView = z.infer<typeof PromotionView>;
