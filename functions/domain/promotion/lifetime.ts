import { unreachable } from '../unreachable.ts';
import type { ClosedState, PromotionState } from './state.ts';

/** Whether nothing but a rollback can happen to a promotion any more. */
export function isClosed(state: PromotionState): state is ClosedState {
  switch (state.status) {
    case 'completed':
    case 'rejected':
    case 'cancelled':
    case 'failed':
    case 'rolled_back':
      return true;
    case 'pending':
    case 'blocked':
    case 'approved':
    case 'scheduled':
    case 'executing':
      return false;
    default:
      return unreachable(state);
  }
}

/** The statuses of promotions that are not closed. */
export const OPEN_STATUSES: readonly PromotionState['status'][] = [
  'pending',
  'blocked',
  'approved',
  'scheduled',
  'executing',
];

/** Whether a promotion's time has run out: at `expires_at` itself it has. One that executes or is closed never expires. */
export function isExpired(state: PromotionState, now: string): boolean {
  return !isClosed(state) && state.status !== 'executing' && now >= state.expires_at;
}
