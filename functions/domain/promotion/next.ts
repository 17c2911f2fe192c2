import { waitsForProvider } from '../gates/provider.ts';
import { isSoaking } from '../gates/soak.ts';
import { addDuration, earliest } from '../instant.ts';
import { unreachable } from '../unreachable.ts';
import type { PromotionState } from './state.ts';
import { verificationDueAt } from './verification.ts';

/** What a workflow does next with a promotion; only ever a hint. */
export type NextStep = 'await' | 'execute' | 'execute_and_wait' | 'assess' | 'done';

/** How long a gateway may take to report before it is asked what became of it. */
export const REPORT_TIMEOUT = 'PT1H';

/** The next step; `outsideEffect` when executing does something outside the table, whose outcome may be reported later. */
export function nextStep(state: PromotionState, outsideEffect: boolean): NextStep {
  switch (state.status) {
    case 'pending':
      return state.waiting_for === 'assessment' && state.reason_code !== 'target_moved' ? 'assess' : 'await';
    case 'blocked':
      return state.gates.some(waitsForProvider) ? 'assess' : 'await';
    case 'scheduled':
      return 'await';
    case 'approved':
      return state.execution_requested === undefined ? 'await' : execute(outsideEffect);
    case 'executing':
      return execute(outsideEffect);
    case 'completed':
    case 'rejected':
    case 'cancelled':
    case 'failed':
    case 'rolled_back':
      return 'done';
    default:
      return unreachable(state);
  }
}

/**
 * When somebody must look at a promotion though nothing is written: its time comes, its approvals expire, its gateway stays silent.
 * `undefined` once it is closed, unless what it made live is still verified, or to be rolled back. The end of a freeze, of a soak or of another's claim is not in the state: what one blocks is due at
 * once, and who looks postpones to that end.
 */
export function dueAt(state: PromotionState): string | undefined {
  switch (state.status) {
    case 'pending':
    case 'approved':
      return state.expires_at;
    case 'blocked':
      return state.blocked_by.some((by) => by === 'frozen' || by === 'target_moved') ||
        state.gates.some(isSoaking)
        ? state.requested_at
        : state.expires_at;
    case 'scheduled':
      return earliest(state.schedule.at, state.expires_at);
    case 'executing':
      return addDuration(state.started_at, REPORT_TIMEOUT);
    case 'completed':
      return verificationDueAt(state);
    case 'rejected':
    case 'cancelled':
    case 'failed':
    case 'rolled_back':
      return undefined;
    default:
      return unreachable(state);
  }
}

/** The instant for which a timer stands; before approval a time is only kept. */
export function timerAt(state: PromotionState): string | undefined {
  return state.status === 'scheduled' ? state.schedule.at : undefined;
}

function execute(outsideEffect: boolean): NextStep {
  return outsideEffect ? 'execute_and_wait' : 'execute';
}
