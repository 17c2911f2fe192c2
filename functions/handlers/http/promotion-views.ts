import type { PromotionView, StopView } from '../../contract/promotion-view.ts';
import type { Actor } from '../../domain/identity/principal.ts';
import { TRAITS } from '../../domain/kind-traits.ts';
import { byKind } from '../../domain/promotion/by-kind.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { Weakened } from '../../domain/promotion/governor.ts';
import { countApprovals, missingGroups } from '../../domain/promotion/quorum.ts';
import type { Approval, InStatus, PromotionState, Status } from '../../domain/promotion/state.ts';
import type { Stop } from '../../domain/promotion/stops.ts';

/** What a status alone knows; `null` where it does not. */
type Phase = {
  readonly waiting_for: PromotionView['waiting_for'];
  readonly blocked_by: readonly string[];
  readonly changes_requested: string | null;
  readonly approved_by: string | null;
  readonly approved_at: string | null;
  readonly rejection_reason: string | null;
  readonly closed_by: PromotionView['closed_by'];
  readonly target_deployment_id: string | null;
  readonly completed_at: string | null;
  readonly failure: PromotionView['failure'];
  readonly outcome_reversed: PromotionView['outcome_reversed'];
};

const NOTHING: Phase = {
  waiting_for: null,
  blocked_by: [],
  changes_requested: null,
  approved_by: null,
  approved_at: null,
  rejection_reason: null,
  closed_by: null,
  target_deployment_id: null,
  completed_at: null,
  failure: null,
  outcome_reversed: null,
};

/** A promotion as the snake_case API shows it. */
export function promotionView(state: PromotionState): PromotionView {
  const { subject, request, seal, schedule } = state;
  const phase = phaseOf(state);
  return {
    id: state.id,
    organization_id: state.tenant,
    ...askedView(state),
    source_environment: state.source_environment,
    target_environment: state.target_environment,
    status: state.status,
    requires_approval: seal.requirements.requires_approval,
    approved_by: phase.approved_by,
    approved_at: phase.approved_at,
    rejection_reason: phase.rejection_reason,
    // What a config promotion makes is a revision: no deployment has its id.
    target_deployment_id: TRAITS[request.kind].deploys ? phase.target_deployment_id : null,
    created_by: state.requester.subject,
    created_by_email: state.requester.email,
    created_at: state.requested_at,
    completed_at: phase.completed_at,
    kind: subject.kind,
    type: state.type,
    subject: { ...subject },
    manifest_digest: seal.manifest_digest,
    decision_digest: state.decision_digest,
    waiting_for: phase.waiting_for,
    required_approvers: seal.requirements.required_approvers,
    approvals: state.approvals.map(approvalView),
    ...missing(state),
    gates: state.gates.map((gate) => ({ ...gate, evidence: [...gate.evidence] })),
    blocked_by: [...phase.blocked_by],
    reason_code: state.reason_code ?? null,
    changes_requested: phase.changes_requested,
    closed_by: phase.closed_by,
    execution: state.execution,
    scheduled_at: schedule?.at ?? null,
    on_missed: schedule?.on_missed ?? null,
    expires_at: state.expires_at,
    rule_id: state.rule_id ?? null,
    failure: phase.failure,
    outcome_reversed: phase.outcome_reversed,
    verification: verificationView(state),
    version: state.seq,
  };
}

function missing(state: PromotionState): Pick<PromotionView, 'missing_groups'> {
  const { status, seal, approvals } = state;
  if (status !== 'pending' || state.waiting_for !== 'approval') return {};
  const { groups } = countApprovals(seal.requirements, approvals, seal.manifest_digest);
  const missing_groups = missingGroups(groups);
  return missing_groups.length === 0 ? {} : { missing_groups };
}

const NOT_ASKED = {
  agent_id: null,
  source_deployment_id: null,
  target_gateway_id: null,
  artifact_version: null,
};

type Asked = Pick<PromotionView, keyof typeof NOT_ASKED>;

/** What requests of one kind alone name. */
function askedView({ request, seal }: PromotionState): Asked {
  return byKind<Asked>(request, {
    agent: ({ agent_id, source_deployment_id, target_gateway_id }) => ({
      ...NOT_ASKED,
      ...{ agent_id, source_deployment_id, target_gateway_id },
    }),
    artifact: ({ version }) => ({
      ...NOT_ASKED,
      artifact_version: seal.plan.source.version_label ?? version,
    }),
    config: () => NOT_ASKED,
  });
}

/** A promotion, and what keeps it from executing now. */
export function standingView(state: PromotionState, stops: readonly Stop[]): PromotionView {
  return { ...promotionView(state), stopped_by: stops.map(stopView) };
}

/** A dry run's answer: the same shape, and the status it would have got. */
export function dryRunView(
  state: PromotionState,
  stops: readonly Stop[],
): PromotionView & { readonly would_be: Status } {
  return { ...standingView(state, stops), would_be: state.status };
}

function stopView({ code, refusal }: Stop): StopView {
  const ends_at = refusal.data?.['ends_at'];
  return { code, detail: refusal.detail, ends_at: typeof ends_at === 'string' ? ends_at : null };
}

export function approvalView({ actor, groups, manifest_digest, comment, at }: Approval) {
  return { ...actorView(actor), groups: [...groups], manifest_digest, comment: comment ?? null, at };
}

/** An event as it is stored, with its type beside it. */
export const eventView = ({ event, ...stored }: StoredEvent) => ({ ...stored, type: event.type, event });

/** An actor without the owner: who answers for a machine is the directory's to tell. */
export const actorView = ({ subject, email, kind }: Actor) => ({ subject, email, kind });

function phaseOf(state: PromotionState): Phase {
  switch (state.status) {
    case 'pending':
      return {
        ...NOTHING,
        waiting_for: state.waiting_for,
        changes_requested: state.changes_requested ?? null,
      };
    case 'blocked':
      return { ...NOTHING, blocked_by: state.blocked_by };
    case 'approved':
      return { ...NOTHING, ...approvedPhase(state), waiting_for: 'execution' };
    case 'scheduled':
      return { ...NOTHING, ...approvedPhase(state) };
    case 'executing':
      return { ...NOTHING, ...approvedPhase(state), target_deployment_id: state.deployment_id };
    case 'completed':
    case 'rolled_back':
      return {
        ...NOTHING,
        ...approvedPhase(state),
        target_deployment_id: state.deployment_id,
        completed_at: state.completed_at,
        outcome_reversed: reversedView(state),
      };
    case 'failed':
      return {
        ...NOTHING,
        ...approvedPhase(state),
        target_deployment_id: state.deployment_id ?? null,
        completed_at: state.completed_at,
        failure: failureView(state),
        outcome_reversed: reversedView(state),
      };
    case 'rejected':
      return {
        ...NOTHING,
        rejection_reason: state.reason,
        closed_by: state.closed_by,
        completed_at: state.completed_at,
      };
    case 'cancelled':
      return { ...NOTHING, completed_at: state.completed_at };
    default:
      return state satisfies never;
  }
}

function verificationView(state: PromotionState): PromotionView['verification'] {
  const verification = 'verification' in state ? state.verification : undefined;
  if (verification === undefined) return null;
  const { status, gate, until, on_failure } = verification;
  const common = { status, gate: gate.name, until, on_failure };
  if (verification.status === 'pending') {
    return { ...common, reason_code: null, decided_at: null, evidence: null, rollback: null };
  }
  const { reason_code, decided_at, evidence = null, rollback } = verification;
  const none = { promotion_id: null, reason_code: null };
  return {
    ...common,
    reason_code,
    decided_at,
    evidence,
    rollback: rollback === undefined ? null : { ...none, ...rollback },
  };
}

function reversedView({
  reversed,
}: InStatus<'completed' | 'rolled_back' | 'failed'>): PromotionView['outcome_reversed'] {
  if (reversed === undefined) return null;
  const { outcome, by, at, message = null } = reversed;
  return { outcome, by: by.subject, at, message };
}

function failureView({ failure, settled }: InStatus<'failed'>): PromotionView['failure'] {
  if (settled === undefined) return { ...failure };
  return { ...failure, settled: { ...settled, by: settled.by.subject } };
}

function approvedPhase({
  approved_at,
  approved_by,
}: {
  readonly approved_at?: string;
  readonly approved_by?: Actor;
}): Pick<Phase, 'approved_at' | 'approved_by'> {
  return { approved_at: approved_at ?? null, approved_by: approved_by?.subject ?? null };
}

/** A weakening as the decision shows it. */
export function governanceView({ seq, at, by, weakens }: Weakened) {
  return { seq, at, by: by.map(actorView), weakens: weakens.map(({ what }) => what) };
}
