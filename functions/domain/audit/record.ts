import type { Digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import { countApprovals } from '../promotion/quorum.ts';
import type { PromotionState } from '../promotion/state.ts';
import { unreachable } from '../unreachable.ts';

/** How a promotion ended, in the words of an auditor; `IN_PROGRESS` until it has. */
export type AuditResult = 'SUCCESS' | 'FAILED' | 'REJECTED' | 'CANCELLED' | 'ROLLED_BACK' | 'IN_PROGRESS';

/**
 * One promotion for an auditor: what was promoted, between what, by whom, on whose approval, through which gates, and what became of it.
 * The members of the artifact-promotion document's audit record, and where the proof is (`length`, `chain`).
 */
export type AuditRecord = {
  readonly promotion_id: string;
  readonly subject: PromotionState['subject'];
  readonly digest: Digest;
  /** What people call the thing promoted, where somebody said so. */
  readonly version?: string;
  readonly source_env: string;
  readonly target_env: string;
  readonly requested_at: string;
  /** When it ended; until then when it was requested. */
  readonly timestamp: string;
  /** Who asked for its execution; who requested it where no person did. */
  readonly promoted_by: Actor;
  readonly requested_by: Actor;
  readonly approval: {
    readonly required: boolean;
    readonly approvers: readonly Actor[];
    /** The moment of the approval that completed the quorum, or of the newest so far. */
    readonly approval_timestamp?: string;
  };
  readonly validation_gates: { readonly [gate: string]: string };
  readonly result: AuditResult;
  readonly decision_digest: Digest;
  readonly length: number;
  readonly chain: Digest;
};

/** The audit record of a promotion as it stands. Approvals that were voided are in its timeline, not here. */
export function auditRecord(state: PromotionState): AuditRecord {
  const { id, subject, seal, requester, requested_at } = state;
  const { granted } = countApprovals(seal.requirements, state.approvals, seal.manifest_digest);
  const { version_label } = seal.plan.source;
  const newest = granted.at(-1)?.at;
  const approved_at = 'approved_at' in state && granted.length > 0 ? state.approved_at : newest;
  return {
    promotion_id: id,
    subject,
    digest: seal.manifest.source.digest,
    ...(version_label === undefined ? {} : { version: version_label }),
    source_env: state.source_environment,
    target_env: state.target_environment,
    requested_at,
    timestamp: 'completed_at' in state ? state.completed_at : requested_at,
    promoted_by: executorOf(state) ?? requester,
    requested_by: requester,
    approval: {
      required: seal.requirements.requires_approval,
      approvers: granted.map(({ actor }) => actor),
      ...(approved_at === undefined ? {} : { approval_timestamp: approved_at }),
    },
    validation_gates: Object.fromEntries(state.gates.map(({ name, status }) => [name, status])),
    result: resultOf(state),
    decision_digest: state.decision_digest,
    length: state.seq,
    chain: state.chain,
  };
}

function executorOf(state: PromotionState): Actor | undefined {
  const executor = 'executor' in state ? state.executor : undefined;
  return executor?.kind === 'system' ? undefined : executor;
}

/** Writes an audit record out, in the words of the artifact-promotion document. People go by e-mail, Sluice itself and who has none by subject id. */
export function auditEntry(record: AuditRecord) {
  const { subject, approval, promoted_by, requested_by, digest, version } = record;
  return {
    promotion_id: record.promotion_id,
    artifact: { ...subject, version: version ?? null, digest },
    source_env: record.source_env,
    target_env: record.target_env,
    timestamp: record.timestamp,
    promoted_by: nameOf(promoted_by),
    approval: {
      required: approval.required,
      approvers: approval.approvers.map(nameOf),
      approval_timestamp: approval.approval_timestamp ?? null,
    },
    validation_gates: record.validation_gates,
    result: record.result,
    requested_by: nameOf(requested_by),
    requested_at: record.requested_at,
    decision_digest: record.decision_digest,
    length: record.length,
    chain: record.chain,
  };
}

const nameOf = ({ email, subject }: Actor): string => (email === '' ? subject : email);

function resultOf(state: PromotionState): AuditResult {
  switch (state.status) {
    case 'completed':
      return 'SUCCESS';
    case 'failed':
      return 'FAILED';
    case 'rejected':
      return 'REJECTED';
    case 'cancelled':
      return 'CANCELLED';
    case 'rolled_back':
      return 'ROLLED_BACK';
    case 'pending':
    case 'blocked':
    case 'approved':
    case 'scheduled':
    case 'executing':
      return 'IN_PROGRESS';
    default:
      return unreachable(state);
  }
}
