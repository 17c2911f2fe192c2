import type { Actor } from '../identity/principal.ts';
import type { Approved, Common, PromotionState, Started } from './state.ts';

/** What a promotion has whatever its status: what its next status starts from. */
export function commonOf(state: PromotionState): Common {
  const { id, tenant, type, subject, source_environment, target_environment, target_slot, request } = state;
  const {
    requester,
    also_requested_by,
    requested_at,
    resubmitted_at,
    rule_id,
    execution,
    seal,
    gates,
    decision_digest,
    approvals,
  } = state;
  const { schedule, expires_at, reason_code, seq, chain } = state;
  return {
    id,
    tenant,
    type,
    subject,
    source_environment,
    target_environment,
    target_slot,
    request,
    requester,
    ...(also_requested_by === undefined ? {} : { also_requested_by }),
    requested_at,
    ...(resubmitted_at === undefined ? {} : { resubmitted_at }),
    ...(rule_id === undefined ? {} : { rule_id }),
    execution,
    seal,
    gates,
    decision_digest,
    approvals,
    ...(schedule === undefined ? {} : { schedule }),
    expires_at,
    ...(reason_code === undefined ? {} : { reason_code }),
    seq,
    chain,
  };
}

/** The same, once it stands where its reason no longer tells anything. */
export function withoutReason(state: PromotionState): Common {
  const { reason_code: _, ...common } = commonOf(state);
  return common;
}

/** The same without a time. */
export function withoutSchedule(state: PromotionState): Common {
  const { schedule: _, ...common } = commonOf(state);
  return common;
}

/** That it was approved, and by whom when somebody had to. */
export function approvedOf({ approved_at, approved_by }: Approved): Approved {
  return approved_by === undefined ? { approved_at } : { approved_at, approved_by };
}

/** That it was started, when, and as what. */
export function startedOf(state: Started): Started {
  const { started_at, fence, deployment_id, executor } = state;
  return { ...approvedOf(state), started_at, fence, deployment_id, executor };
}

/** Everybody who counts as requester of a promotion, each once. */
export function requestersOf({
  requester,
  also_requested_by = [],
}: Pick<Common, 'requester' | 'also_requested_by'>): readonly Actor[] {
  return [requester, ...also_requested_by];
}

/** The same, with one more person behind its content. Sluice itself stands behind none. */
export function requestedBy<S extends Pick<Common, 'requester' | 'also_requested_by'>>(
  state: S,
  actor: Actor,
): S {
  const known = requestersOf(state).some(({ subject }) => subject === actor.subject);
  if (known || actor.kind === 'system') return state;
  return { ...state, also_requested_by: [...(state.also_requested_by ?? []), actor] };
}
