import { type Digest, digest } from '../digest.ts';
import { Fault } from '../faults.ts';
import type { Actor } from '../identity/principal.ts';
import { ruleDecided } from '../policy/rule-applied.ts';
import { unreachable } from '../unreachable.ts';
import type { PromotionEvent, StoredEvent } from './events.ts';
import { isClosed } from './lifetime.ts';
import { approvedOf, commonOf, requestedBy, startedOf, withoutReason, withoutSchedule } from './parts.ts';
import { keptApprovals } from './standing.ts';
import type { Common, InStatus, OpenState, PromotionState, Status } from './state.ts';
import { begun, overtaken, verificationAfter } from './verification.ts';

/** Between its first two events, which are always stored together, a promotion is not sealed. */
export type Requested = Omit<Common, 'seal' | 'gates' | 'decision_digest' | 'expires_at'> & {
  readonly status: 'requested';
};

type EventOf<T extends PromotionEvent['type']> = Extract<PromotionEvent, { readonly type: T }>;

/** The digest by which the next event, and the state, name this one. */
export function eventDigest(stored: StoredEvent): Digest {
  return digest('sluice/event/v1', stored);
}

/** How the chain of a promotion's events is called, in checkpoints, exports and the log. */
export const promotionChain = (id: string): string => `promotion/${id}`;

/** The state after one more event. Throws `Corrupt` on an event that cannot follow there: only `decide` makes events. */
export function evolve(
  state: PromotionState | Requested | undefined,
  stored: StoredEvent,
): PromotionState | Requested {
  const { event, seq } = stored;
  const chain = eventDigest(stored);
  if (event.type === 'PromotionRequested') {
    if (state !== undefined) throw outOfPlace(state.status, event);
    return requested(event, stored, chain);
  }
  if (state === undefined) throw outOfPlace('nothing', event);
  if (event.type === 'PromotionAssessed') return { ...assessed(state, event, stored.actor), seq, chain };
  if (state.status === 'requested') throw outOfPlace(state.status, event);
  return { ...apply(state, event, stored), seq, chain };
}

function requested(
  event: EventOf<'PromotionRequested'>,
  { at, actor, seq }: StoredEvent,
  chain: Digest,
): Requested {
  const { type: _, promotion_type, supersedes: __, rule, ...asked } = event;
  const named = rule === undefined ? {} : { rule: ruleDecided(rule) };
  const common = { ...asked, ...named, type: promotion_type, requester: actor, requested_at: at };
  return { ...common, status: 'requested', approvals: [], seq, chain };
}

/**
 * Approved stays approved when the same manifest is allowed again; all else is pending until the next event says where it leads. Who
 * seals another source counts as its requester.
 */
function assessed(
  before: PromotionState | Requested,
  event: EventOf<'PromotionAssessed'>,
  actor: Actor,
): PromotionState {
  const { seal, decision, decision_digest, expires_at } = event;
  const found = { seal, gates: decision.gates, decision_digest, expires_at };
  const other =
    before.status !== 'requested' && before.seal.manifest.source.digest !== seal.manifest.source.digest;
  const state = other ? requestedBy(before, actor) : before;
  const waiting_for = decision.outcome === 'pending' ? 'approval' : 'assessment';
  if (state.status === 'requested') return { ...state, ...found, status: 'pending', waiting_for };
  const { status } = openOnly(state, event);
  if ((status === 'approved' || status === 'scheduled') && decision.outcome === 'allow') {
    return { ...state, ...found };
  }
  const common = status === 'pending' ? commonOf(state) : withoutReason(state);
  return { ...common, ...found, status: 'pending', waiting_for };
}

type Later = Exclude<PromotionEvent, { readonly type: 'PromotionRequested' | 'PromotionAssessed' }>;

function apply(state: PromotionState, event: Later, stored: StoredEvent): PromotionState {
  const { at, actor } = stored;
  switch (event.type) {
    case 'EvidenceAttached':
      return openOnly(state, event);
    case 'ApprovalGranted': {
      const undecided = only(state, event, 'pending', 'blocked');
      return { ...undecided, approvals: [...undecided.approvals, event.approval] };
    }
    case 'ApprovalsVoided': {
      const { reason_code } = event;
      const common = commonOf(openOnly(state, event));
      const approvals = keptApprovals(common.approvals, event);
      return { ...common, approvals, reason_code, status: 'pending', waiting_for: 'assessment' };
    }
    case 'ChangesRequested': {
      const common = commonOf(only(state, event, 'pending', 'blocked'));
      const asked = { reason_code: 'changes_requested', changes_requested: event.reason };
      return { ...common, ...asked, status: 'pending', waiting_for: 'changes' };
    }
    case 'PromotionResubmitted': {
      const { request } = event;
      const common = { ...withoutReason(only(state, event, 'pending')), resubmitted_at: at };
      const asked = request === undefined ? common : requestedBy({ ...common, request }, actor);
      return { ...asked, status: 'pending', waiting_for: 'assessment' };
    }
    case 'PromotionBlocked': {
      const { blocked_by, reason_code, execution_requested } = event;
      const intent = execution_requested === undefined ? {} : { execution_requested };
      return { ...commonOf(openOnly(state, event)), reason_code, status: 'blocked', blocked_by, ...intent };
    }
    case 'PromotionApproved': {
      const { approved_by } = event;
      const common = withoutReason(only(state, event, 'pending', 'blocked'));
      const approval = approved_by === undefined ? {} : { approved_by };
      return { ...common, status: 'approved', approved_at: at, ...approval };
    }
    case 'PromotionScheduled': {
      const schedule = { at: event.at, on_missed: event.on_missed };
      const open = openOnly(state, event);
      if (open.status === 'pending') return { ...open, schedule };
      // Another time is another intent than the one that was stopped.
      if (open.status === 'blocked')
        return { ...commonOf(open), status: 'blocked', blocked_by: open.blocked_by, schedule };
      return { ...commonOf(open), ...approvedOf(open), status: 'scheduled', schedule };
    }
    case 'PromotionUnscheduled':
      return unscheduled(openOnly(state, event));
    case 'ExecutionRequested': {
      const approved = only(state, event, 'approved', 'scheduled');
      const intent = { execution_requested: event.by ?? actor };
      return { ...commonOf(approved), ...approvedOf(approved), status: 'approved', ...intent };
    }
    case 'ExecutionHeld': {
      const held = only(state, event, 'approved', 'scheduled');
      const { reason_code } = event;
      return { ...withoutSchedule(held), ...approvedOf(held), status: 'approved', reason_code };
    }
    case 'ExecutionStarted':
      return started(only(state, event, 'approved', 'scheduled'), event, stored);
    case 'PromotionCompleted': {
      const executed = only(state, event, 'executing');
      const { verifies } = executed;
      const verification = verifies === undefined ? {} : { verification: begun(verifies, at) };
      const completed = { status: 'completed', completed_at: at, ...verification } as const;
      return { ...commonOf(executed), ...startedOf(executed), ...completed };
    }
    case 'PromotionFailed':
      return failed(only(state, event, 'executing', 'approved', 'scheduled'), event, at);
    case 'PromotionRejected': {
      const { closed_by, reason } = event;
      const closing = { closed_by, reason, rejected_by: actor, completed_at: at };
      return { ...commonOf(openOnly(state, event)), status: 'rejected', ...closing };
    }
    case 'PromotionCancelled': {
      const why = event.reason === undefined ? {} : { reason: event.reason };
      const closing = { cancelled_by: actor, ...why, completed_at: at };
      return { ...withoutReason(openOnly(state, event)), status: 'cancelled', ...closing };
    }
    case 'PromotionRolledBack': {
      const { verification, ...completed } = only(state, event, 'completed');
      const rest = verification === undefined ? {} : { verification: overtaken(verification, at) };
      return { ...completed, ...rest, status: 'rolled_back', rolled_back_by: event.by };
    }
    case 'OutcomeSettled': {
      const { outcome } = event;
      return { ...only(state, event, 'failed'), settled: { outcome, by: actor, at } };
    }
    case 'OutcomeReversed': {
      const { outcome, message } = event;
      const said = message === undefined ? {} : { message };
      const live = only(state, event, 'completed', 'rolled_back', 'failed');
      return { ...live, reversed: { outcome, by: actor, at, ...said } };
    }
    case 'VerificationDecided':
    case 'RollbackBegun':
    case 'RollbackDeclined': {
      const completed = only(state, event, 'completed');
      const verification = verificationAfter(completed.verification, event, at);
      if (verification === undefined) throw outOfPlace('completed and otherwise verified', event);
      return { ...completed, verification };
    }
    default:
      return unreachable(event);
  }
}

function unscheduled(open: OpenState): PromotionState {
  const common = withoutSchedule(open);
  switch (open.status) {
    case 'scheduled':
    case 'approved':
      return { ...common, ...approvedOf(open), status: 'approved' };
    case 'blocked':
      return { ...common, status: 'blocked', blocked_by: open.blocked_by };
    case 'pending': {
      const { waiting_for, changes_requested } = open;
      const asked = changes_requested === undefined ? {} : { changes_requested };
      return { ...common, status: 'pending', waiting_for, ...asked };
    }
    default:
      return unreachable(open);
  }
}

/** The base that was claimed replaces the planned one: an equal change set may have been rebased. */
function started(
  approved: InStatus<'approved' | 'scheduled'>,
  event: EventOf<'ExecutionStarted'>,
  { at, actor }: StoredEvent,
): PromotionState {
  const { fence, deployment_id, base, decision, decision_digest, verifies } = event;
  const asked = approved.status === 'approved' ? approved.execution_requested : undefined;
  const { seal } = approved;
  return {
    ...withoutReason(approved),
    ...approvedOf(approved),
    seal: { ...seal, plan: { ...seal.plan, base: { digest: base, version: fence - 1 } } },
    gates: decision.gates,
    decision_digest,
    status: 'executing',
    started_at: at,
    fence,
    deployment_id,
    executor: asked ?? actor,
    ...(verifies === undefined ? {} : { verifies }),
  };
}

function failed(
  state: InStatus<'executing' | 'approved' | 'scheduled'>,
  event: EventOf<'PromotionFailed'>,
  at: string,
): PromotionState {
  const { type: _, ...failure } = event;
  const progress = state.status === 'executing' ? startedOf(state) : approvedOf(state);
  return { ...commonOf(state), ...progress, status: 'failed', completed_at: at, failure };
}

function openOnly(state: PromotionState, event: PromotionEvent): OpenState {
  if (isClosed(state) || state.status === 'executing') throw outOfPlace(state.status, event);
  return state;
}

function only<S extends Status>(state: PromotionState, event: PromotionEvent, ...statuses: S[]): InStatus<S> {
  if (isIn(state, statuses)) return state;
  throw outOfPlace(state.status, event);
}

function isIn<S extends Status>(state: PromotionState, statuses: readonly S[]): state is InStatus<S> {
  return statuses.some((status) => status === state.status);
}

function outOfPlace(status: string, event: PromotionEvent): Fault {
  return new Fault('Corrupt', `${event.type} cannot follow while a promotion is ${status}`);
}
