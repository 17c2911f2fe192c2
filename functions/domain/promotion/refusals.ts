import { type Refusal, refuse } from '../refusal.ts';
import type { Command } from './commands.ts';
import type { PromotionState } from './state.ts';

/** The promotion is past this command for good: approved, running or closed. */
export function decided(state: PromotionState, command: Command['type']): Refusal {
  const { status } = state;
  return refuse('already_decided', `cannot ${words(command)}: the promotion is already ${status}`, {
    status,
  });
}

/** The promotion is not where this command can begin, though it may come there. */
export function notFrom(state: PromotionState, command: Command['type']): Refusal {
  const { status } = state;
  const waiting = state.status === 'pending' ? { waiting_for: state.waiting_for } : {};
  const where = state.status === 'pending' ? `pending, waiting for ${state.waiting_for}` : status;
  return refuse('invalid_transition', `${words(command)} is not possible while it is ${where}`, {
    status,
    ...waiting,
  });
}

function words(command: Command['type']): string {
  return command.replaceAll('_', ' ');
}
