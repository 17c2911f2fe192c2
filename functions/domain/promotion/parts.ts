import type { Actor } from '../identity/principal.ts';
import type { Approved, Common, PromotionState, Started } from './state.ts';

/** A promotion with the members of every status beside those that all of them have. */
type AnyStatus = Common & { readonly [name in StatusMember]?: unknown };
type StatusMember = Exclude<MembersOf<PromotionState>, keyof Common>;
type MembersOf<T> = T extends T ? keyof T : never;

/**
 * What a promotion has whatever its status: what its next status starts from. The members of single statuses are taken away by name and all
 * others stay, so that no new member of `Common` can be forgotten here; a new member of a status does not compile until it is named.
 */
export function commonOf(state: PromotionState): Common {
  const any: AnyStatus = state;
  const { status: _, waiting_for: _w, changes_requested: _c, blocked_by: _b, ...undecided } = any;
  const { execution_requested: _e, approved_at: _a, approved_by: _p, ...unstarted } = undecided;
  const {
    started_at: _s,
    fence: _f,
    deployment_id: _d,
    executor: _x,
    verifies: _y,
    ...unfinished
  } = unstarted;
  const {
    completed_at: _o,
    reversed: _v,
    verification: _i,
    rolled_back_by: _r,
    failure: _u,
    ...unsettled
  } = unfinished;
  const { settled: _t, closed_by: _l, reason: _n, rejected_by: _j, cancelled_by: _k, ...common } = unsettled;
  const whole: keyof typeof common extends keyof Common ? typeof common : never = common;
  return whole;
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

/** That it was started, when, and as what; how it will be verified is part of its completion. */
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
