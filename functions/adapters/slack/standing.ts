import type { Actor } from '../../domain/identity/principal.ts';
import { nameOf } from '../../domain/notification/words.ts';
import { oneLine } from '../../domain/one-line.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { unreachable } from '../../domain/unreachable.ts';
import { escaped, named } from './text.ts';

/** Characters of a reason that are shown. */
const REASON = 600;

/** How a promotion stands, in a sentence of markup. */
export function standing(state: PromotionState): string {
  switch (state.status) {
    case 'pending':
      return waiting(state);
    case 'blocked':
      return `It is blocked by ${state.blocked_by.map(named).join(', ')}.`;
    case 'approved':
      return `It is approved${by(state.approved_by)}.`;
    case 'scheduled':
      return `It is approved${by(state.approved_by)}, and scheduled.`;
    case 'executing':
      return `It is approved${by(state.approved_by)}, and being executed.`;
    case 'completed':
      return 'It is completed.';
    case 'rolled_back':
      return 'It was completed, and is rolled back.';
    case 'failed':
      return `It failed: ${reason(state.failure.message)}`;
    case 'rejected':
      return state.closed_by === 'expiry'
        ? 'It expired before it was decided.'
        : `It is rejected${by(state.rejected_by)}: ${reason(state.reason)}`;
    case 'cancelled':
      return `It is cancelled${by(state.cancelled_by)}.`;
    default:
      return unreachable(state);
  }
}

function waiting(state: Extract<PromotionState, { readonly status: 'pending' }>): string {
  switch (state.waiting_for) {
    case 'approval':
      return 'It waits for approval.';
    case 'assessment':
      return 'It is being assessed again.';
    case 'changes':
      return `Changes are requested: ${reason(state.changes_requested ?? '')}`;
    default:
      return unreachable(state.waiting_for);
  }
}

const reason = (text: string): string => escaped(oneLine(text), REASON);
const by = (actor: Actor | undefined): string =>
  actor === undefined || actor.kind === 'system' ? '' : ` by ${named(nameOf(actor))}`;
