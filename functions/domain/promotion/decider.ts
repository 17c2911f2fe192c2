import { type Refusal, refuse } from '../refusal.ts';
import { unreachable } from '../unreachable.ts';
import type { Command, Context } from './commands.ts';
import { decideAssess, decideAttachEvidence, decideResubmit } from './decide-assessment.ts';
import { decideRequestExecution, decideStartExecution } from './decide-execution.ts';
import { decideApprove, decideCancel, decideReject, decideRequestChanges } from './decide-people.ts';
import { decideRequest } from './decide-request.ts';
import { decideSchedule, decideUnschedule } from './decide-schedule.ts';
import { decideFollowing, decideVerify } from './decide-verification.ts';
import type { PromotionEvent } from './events.ts';
import { isClosed, isExpired } from './lifetime.ts';
import { decided, notFrom } from './refusals.ts';
import type { PromotionState } from './state.ts';

type Answer = readonly PromotionEvent[] | Refusal;

/**
 * Decides what a command makes of a promotion: the events to append (none when it changes nothing), or a refusal.
 *
 * On a promotion that has expired every command answers the event that closes it, `PromotionRejected(expiry)`, and nothing of its own:
 * the caller commits that and then answers the refusal `expired`. `isExpired` (lifetime.ts) tells the two apart.
 */
export function decide(state: PromotionState | undefined, command: Command, context: Context): Answer {
  if (command.type === 'request') {
    if (state === undefined) return decideRequest(command, context);
    return refuse('conflict', `there is a promotion ${state.id} already`, { id: state.id });
  }
  if (state === undefined) return refuse('not_found', 'there is no such promotion');
  if (isExpired(state, context.now)) {
    const reason = `It was not executed before ${state.expires_at}.`;
    return [{ type: 'PromotionRejected', closed_by: 'expiry', reason }];
  }
  return decideOn(state, command, context);
}

function decideOn(
  state: PromotionState,
  command: Exclude<Command, { readonly type: 'request' }>,
  context: Context,
): Answer {
  switch (command.type) {
    case 'assess':
      return decideAssess(state, command, context);
    case 'attach_evidence':
      return decideAttachEvidence(state, command, context);
    case 'approve':
      return decideApprove(state, command, context);
    case 'reject':
      return decideReject(state, command);
    case 'request_changes':
      return decideRequestChanges(state, command);
    case 'resubmit':
      return decideResubmit(state, command, context);
    case 'schedule':
      return decideSchedule(state, command, context);
    case 'unschedule':
      return decideUnschedule(state);
    case 'request_execution':
      return decideRequestExecution(state, command, context);
    case 'start_execution':
      return decideStartExecution(state, command, context);
    case 'complete':
      return decideComplete(state, command);
    case 'fail':
      return decideFail(state, command);
    case 'cancel':
      return decideCancel(state, command);
    case 'expire':
      return [];
    case 'roll_back':
      return decideRollBack(state, command);
    case 'settle_outcome':
      return decideSettle(state, command);
    case 'reverse_outcome':
      return decideReverse(state, command);
    case 'verify':
      return decideVerify(state, command, context);
    case 'begin_rollback':
    case 'decline_rollback':
      return decideFollowing(state, command);
    default:
      return unreachable(command);
  }
}

type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

/** The head was swapped: only what claimed it completes. */
function decideComplete(state: PromotionState, { revision }: CommandOf<'complete'>): Answer {
  if (state.status === 'executing') return [{ type: 'PromotionCompleted', revision }];
  return isClosed(state) ? decided(state, 'complete') : notFrom(state, 'complete');
}

/** The effect failed; or an approved promotion had nothing to start, or a scheduled one was due in a freeze that ends it. */
function decideFail(state: PromotionState, command: CommandOf<'fail'>): Answer {
  const { code, message, technical, target_state } = command;
  if (state.status === 'executing' || state.status === 'approved' || state.status === 'scheduled') {
    return [{ type: 'PromotionFailed', code, message, technical, target_state }];
  }
  return isClosed(state) ? decided(state, 'fail') : notFrom(state, 'fail');
}

/** Said in the completing transaction of the rollback, never earlier. */
function decideRollBack(state: PromotionState, { by }: CommandOf<'roll_back'>): Answer {
  if (state.status === 'completed') return [{ type: 'PromotionRolledBack', by }];
  return state.status === 'rolled_back' ? decided(state, 'roll_back') : notFrom(state, 'roll_back');
}

/** Only an unknown outcome is settled, and once; the same word again changes nothing. */
function decideSettle(state: PromotionState, { outcome }: CommandOf<'settle_outcome'>): Answer {
  if (state.status !== 'failed' || state.failure.target_state !== 'unknown') {
    return isClosed(state) ? decided(state, 'settle_outcome') : notFrom(state, 'settle_outcome');
  }
  if (state.settled === undefined) return [{ type: 'OutcomeSettled', outcome }];
  return state.settled.outcome === outcome ? [] : decided(state, 'settle_outcome');
}

/**
 * Only what went live is taken back by its gateway's word, and once; the same word again changes nothing. It is the answer to a verification
 * that waits for one.
 */
function decideReverse(state: PromotionState, { outcome, message }: CommandOf<'reverse_outcome'>): Answer {
  const wentLive =
    state.status === 'completed' ||
    state.status === 'rolled_back' ||
    (state.status === 'failed' && state.settled?.outcome === 'live');
  if (!wentLive)
    return isClosed(state) ? decided(state, 'reverse_outcome') : notFrom(state, 'reverse_outcome');
  if (state.reversed === undefined) {
    const reversed = {
      type: 'OutcomeReversed',
      outcome,
      ...(message === undefined ? {} : { message }),
    } as const;
    const waits = state.status === 'completed' && state.verification?.status === 'pending';
    if (!waits) return [reversed];
    return [reversed, { type: 'VerificationDecided', outcome: 'failed', reason_code: 'outcome_reversed' }];
  }
  return state.reversed.outcome === outcome ? [] : decided(state, 'reverse_outcome');
}
