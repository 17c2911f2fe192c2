import type { Refusal } from '../refusal.ts';
import { unreachable } from '../unreachable.ts';
import { reassess } from './assess.ts';
import type { Command, Context } from './commands.ts';
import type { PromotionEvent } from './events.ts';
import { isClosed } from './lifetime.ts';
import { decided, notFrom } from './refusals.ts';
import type { PromotionState } from './state.ts';

type Answer = readonly PromotionEvent[] | Refusal;
type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

/**
 * Judges again. Asked for by anybody but Sluice itself, a moved target counts as seen. What waits for its requester is not judged before
 * that person or new evidence continues it.
 */
export function decideAssess(state: PromotionState, command: CommandOf<'assess'>, context: Context): Answer {
  if (isClosed(state)) return decided(state, command.type);
  const { facts, reason_code } = command;
  const how = {
    looked: context.actor.kind !== 'system',
    ...(reason_code === undefined ? {} : { reason_code }),
  };
  switch (state.status) {
    case 'pending':
      if (state.waiting_for === 'changes') return [];
      return reassess(state, facts, context, how);
    case 'blocked':
    case 'approved':
    case 'scheduled':
      return reassess(state, facts, context, how);
    case 'executing':
      return notFrom(state, 'assess');
    default:
      return unreachable(state);
  }
}

/** New evidence: recorded, and judged with all the rest. It continues a promotion that was given back for changes. */
export function decideAttachEvidence(
  state: PromotionState,
  command: CommandOf<'attach_evidence'>,
  context: Context,
): Answer {
  const { gate, evidence, facts } = command;
  if (isClosed(state)) return decided(state, command.type);
  switch (state.status) {
    case 'pending':
    case 'blocked':
    case 'approved':
    case 'scheduled':
      return [
        { type: 'EvidenceAttached', gate, evidence },
        ...reassess(state, facts, context, { forced: true, looked: false }),
      ];
    case 'executing':
      return notFrom(state, 'attach_evidence');
    default:
      return unreachable(state);
  }
}

/** The requester's answer to requested changes, or to a moved target: planned from the source as it is, and judged anew. */
export function decideResubmit(
  state: PromotionState,
  command: CommandOf<'resubmit'>,
  context: Context,
): Answer {
  if (isClosed(state)) return decided(state, command.type);
  const { request } = command;
  switch (state.status) {
    case 'pending':
      if (state.waiting_for === 'approval') return notFrom(state, 'resubmit');
      return [
        { type: 'PromotionResubmitted', ...(request === undefined ? {} : { request }) },
        ...reassess(state, command.facts, context, { forced: true, looked: true }),
      ];
    case 'blocked':
    case 'approved':
    case 'scheduled':
    case 'executing':
      return notFrom(state, 'resubmit');
    default:
      return unreachable(state);
  }
}
