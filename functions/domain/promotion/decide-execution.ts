import { type Actor, SYSTEM } from '../identity/principal.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { unreachable } from '../unreachable.ts';
import {
  approval,
  assessed,
  blockedBy,
  blockedByGates,
  executionRequested,
  expiryOf,
  judgeAnew,
} from './assess.ts';
import type { Command, Context, ExecutionFacts } from './commands.ts';
import type { PromotionEvent } from './events.ts';
import {
  governor,
  governorApprovals,
  redirectedApprovals,
  type Weakened,
  waitsForAnother,
} from './governor.ts';
import { decided, notFrom } from './refusals.ts';
import { differenceOf, seal } from './seal.ts';
import { mayApprove } from './separation.ts';
import { goneApprovals } from './standing.ts';
import type { Approval, InStatus, PromotionState } from './state.ts';
import { stopsOf } from './stops.ts';

type Answer = readonly PromotionEvent[] | Refusal;
type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;
type Executable = InStatus<'approved' | 'scheduled'>;

/** The execute verb: leaves the intent, or refuses at once what is plain at once. Asking again, or late, changes nothing. */
export function decideRequestExecution(
  state: PromotionState,
  { facts, weakened }: CommandOf<'request_execution'>,
  context: Context,
): Answer {
  switch (state.status) {
    case 'executing':
    case 'completed':
      return [];
    case 'approved':
      if (state.execution_requested !== undefined) return [];
      return asked(state, facts, weakened, context);
    case 'scheduled':
      if (context.now < state.schedule.at) return notYet(state);
      return asked(state, facts, weakened, context);
    case 'pending':
    case 'blocked':
      return notFrom(state, 'request_execution');
    case 'rejected':
    case 'cancelled':
    case 'failed':
    case 'rolled_back':
      return decided(state, 'request_execution');
    default:
      return unreachable(state);
  }
}

/** The workflow's step: claims the head, or takes the promotion back to where the fresh facts put it. */
export function decideStartExecution(
  state: PromotionState,
  command: CommandOf<'start_execution'>,
  context: Context,
): Answer {
  switch (state.status) {
    case 'executing':
    case 'completed':
      return [];
    case 'approved':
      if (state.execution_requested === undefined) return notFrom(state, 'start_execution');
      return start(state, command, context);
    case 'scheduled':
      if (context.now < state.schedule.at) return notYet(state);
      return start(state, command, context);
    case 'pending':
    case 'blocked':
      return notFrom(state, 'start_execution');
    case 'rejected':
    case 'cancelled':
    case 'failed':
    case 'rolled_back':
      return decided(state, 'start_execution');
    default:
      return unreachable(state);
  }
}

/**
 * Decides again on facts as fresh as the transaction that claims: stops and unreadable duties block and keep approvals; another
 * manifest, or an approval that duties now exclude, voids them and asks anew; approvals whose approvers are gone, or that were given for
 * another destination, are void, the others kept; a gate that no longer passes blocks.
 */
function start(state: Executable, command: CommandOf<'start_execution'>, context: Context): Answer {
  const { facts, deployment_id, approvers, weakened, verifies } = command;
  if (isTorn(facts)) return movedUnderPlan();
  const [stop] = stopsOf(state, facts);
  const asked = state.status === 'approved' ? state.execution_requested : undefined;
  if (stop !== undefined) return [blockedBy(stop.code, asked)];
  if (facts.separation === 'unreadable' && state.approvals.length > 0)
    return [blockedBy('separation_of_duties')];
  const difference = differenceOf(state.seal, seal(state, facts));
  if (difference !== undefined) return askAnew(state, difference, facts, context);
  if (state.approvals.some(({ actor }) => mayApprove(state, actor, facts.separation) !== undefined)) {
    return askAnew(state, 'separation_of_duties', facts, context);
  }
  const gone = goneApprovals(state, approvers);
  if (gone.length > 0) return without(state, gone, 'approver_gone', facts, context);
  const redirected = redirectedApprovals(state, weakened);
  if (redirected.length > 0) return without(state, redirected, 'redirected', facts, context);
  const governors = governorApprovals(state, weakened);
  if (governors.length > 0) return without(state, governors, 'governor', facts, context);
  if (waitsForAnother(state, executorOf(state, context), weakened)) {
    return [{ type: 'ExecutionHeld', reason_code: 'governor' }];
  }
  const assessment = judgeAnew(state, state.approvals, facts, context);
  const { outcome } = assessment.decision;
  if (outcome === 'deny') return [assessed(assessment, state.expires_at), blockedByGates(assessment)];
  if (outcome === 'pending') return [assessed(assessment, state.expires_at)];
  const { facts: conditions, decision, decision_digest } = assessment;
  const { head } = facts;
  return [
    {
      type: 'ExecutionStarted',
      fence: head.version + 1,
      deployment_id,
      base: head.digest,
      facts: conditions,
      decision,
      decision_digest,
      ...(verifies === undefined ? {} : { verifies }),
    },
  ];
}

/** Voids and seals anew. What nobody has to approve is left for the next assessment, which a moved target leaves to a person. */
function askAnew(
  state: Executable,
  reason_code: string,
  facts: ExecutionFacts,
  context: Context,
): readonly PromotionEvent[] {
  const assessment = judgeAnew(state, [], facts, context);
  const { manifest_digest } = state.seal;
  const events: readonly PromotionEvent[] = [
    { type: 'ApprovalsVoided', reason_code, manifest_digest },
    assessed(assessment, expiryOf(assessment, context)),
  ];
  return assessment.decision.outcome === 'deny' ? [...events, blockedByGates(assessment)] : events;
}

/**
 * Who executes, for what waits for another person. What executes by itself or at its time does so for Sluice, whoever's act it followed;
 * once it was held, it is executed by whoever asks for it.
 */
function executorOf(state: Executable, { actor }: Context): Actor | 'sluice' {
  const byItself = state.execution === 'automatic' || state.schedule !== undefined;
  return byItself && state.reason_code !== 'governor' ? 'sluice' : actor;
}

/** Goes on, by the execution that was asked for, only where the approvals that are left are enough without those that are void. */
function without(
  state: Executable,
  gone: readonly Approval[],
  reason_code: 'approver_gone' | 'redirected' | 'governor',
  facts: ExecutionFacts,
  context: Context,
): readonly PromotionEvent[] {
  const { manifest_digest } = state.seal;
  const approvals = state.approvals.filter((approval) => !gone.includes(approval));
  const assessment = judgeAnew(state, approvals, facts, context);
  const events: readonly PromotionEvent[] = [
    {
      type: 'ApprovalsVoided',
      reason_code,
      manifest_digest,
      approvers: gone.map(({ actor }) => actor.subject),
    },
    assessed(assessment, state.expires_at),
  ];
  const { outcome } = assessment.decision;
  if (outcome === 'deny') return [...events, blockedByGates(assessment)];
  if (outcome === 'pending') return events;
  const by = (state.status === 'approved' ? state.execution_requested : undefined) ?? SYSTEM;
  const again = approval({ ...state, approvals, seal: assessment.seal });
  return [...events, again, executionRequested(by, state, context)];
}

/** The intent to execute, or what refuses it at once. */
function asked(
  state: Executable,
  facts: ExecutionFacts,
  weakened: readonly Weakened[],
  context: Context,
): Answer {
  const { actor } = context;
  const refusal = governor(state, actor, weakened) ?? obstacle(state, facts);
  return refusal ?? [executionRequested(actor, state, context)];
}

/** What the execute verb refuses at once. */
function obstacle(state: Executable, facts: ExecutionFacts): Refusal | undefined {
  if (isTorn(facts)) return movedUnderPlan();
  const [stop] = stopsOf(state, facts);
  if (stop !== undefined) return stop.refusal;
  if (differenceOf(state.seal, seal(state, facts)) !== 'target_moved') return undefined;
  const conflicts = facts.plan.tree?.conflicts;
  return refuse('target_moved', 'the target has changed since this was sealed: validate it again', {
    sealed_on: state.seal.plan.base.digest,
    now: facts.head.digest,
    ...(conflicts === undefined ? {} : { conflicts }),
  });
}

/** A plan made on another head than the one that would be claimed proves nothing: plan again. */
function isTorn({ head, plan }: ExecutionFacts): boolean {
  return head.digest !== plan.base.digest || head.version !== plan.base.version;
}

function movedUnderPlan(): Refusal {
  return refuse('target_moved', 'the target changed while this was being decided');
}

function notYet({ schedule }: InStatus<'scheduled'>): Refusal {
  return refuse('invalid_transition', `it is scheduled for ${schedule.at}: unschedule it to execute now`, {
    status: 'scheduled',
    scheduled_at: schedule.at,
  });
}
