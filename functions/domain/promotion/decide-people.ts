import { samePerson } from '../identity/same-person.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { approved } from './assess.ts';
import type { Command, Context } from './commands.ts';
import type { PromotionEvent } from './events.ts';
import { governor } from './governor.ts';
import { isClosed } from './lifetime.ts';
import { countApprovals } from './quorum.ts';
import { decided, notFrom } from './refusals.ts';
import { mayApprove } from './separation.ts';
import type { Approval, InStatus, PromotionState } from './state.ts';

type Answer = readonly PromotionEvent[] | Refusal;
type CommandOf<T extends Command['type']> = Extract<Command, { readonly type: T }>;

/**
 * One person's yes, also while a gate blocks: it counts once the gate passes. The same person's second yes changes nothing. Separation
 * of duties is asked first, then what the approval must carry.
 */
export function decideApprove(
  state: PromotionState,
  command: CommandOf<'approve'>,
  context: Context,
): Answer {
  const open = decidable(state, 'approve');
  if ('refused' in open) return open;
  const { seal, approvals } = open;
  const { requirements, manifest_digest } = seal;
  const { actor, now } = context;
  const separated = mayApprove(open, actor, command.separation);
  if (separated !== undefined) return separated;
  const governed = governor(open, actor, command.weakened);
  if (governed !== undefined) return governed;
  if (actor.kind !== 'person' && !isNamed(command.groups, requirements.groups)) {
    return refuse('not_authorized', 'a machine approves only in a group that a policy names');
  }
  if (command.manifest_digest !== undefined && command.manifest_digest !== manifest_digest) {
    return refuse('manifest_changed', 'the promotion’s content has changed', { manifest_digest });
  }
  const comment = command.comment?.trim() ?? '';
  if (requirements.require_comment && comment === '') {
    return refuse('comment_required', 'the policy asks for a comment', { field: 'comment' });
  }
  if (approvals.some((approval) => samePerson(approval.actor, actor))) return [];
  const approval: Approval = {
    actor,
    groups: command.groups,
    manifest_digest,
    at: now,
    ...(comment === '' ? {} : { comment }),
  };
  const granted: PromotionEvent = { type: 'ApprovalGranted', approval };
  const next = { ...open, approvals: [...approvals, approval] };
  const { complete } = countApprovals(requirements, next.approvals, manifest_digest);
  return complete && open.status === 'pending' ? [granted, ...approved(next, context)] : [granted];
}

/** A person's no: final, and in time until the head is claimed. */
export function decideReject(state: PromotionState, { reason }: CommandOf<'reject'>): Answer {
  if (isClosed(state) || state.status === 'executing') return decided(state, 'reject');
  if (reason.trim() === '') return reasonMissing();
  return [{ type: 'PromotionRejected', closed_by: 'person', reason }];
}

/** "Not yet": back to the requester, and what was approved is asked again when it comes back. */
export function decideRequestChanges(
  state: PromotionState,
  { reason }: CommandOf<'request_changes'>,
): Answer {
  const open = decidable(state, 'request_changes');
  if ('refused' in open) return open;
  if (reason.trim() === '') return reasonMissing();
  const requested: PromotionEvent = { type: 'ChangesRequested', reason };
  if (open.approvals.length === 0) return [requested];
  const { manifest_digest } = open.seal;
  return [{ type: 'ApprovalsVoided', reason_code: 'changes_requested', manifest_digest }, requested];
}

/** Takes a promotion back, at any time before its head is claimed. */
export function decideCancel(state: PromotionState, { reason }: CommandOf<'cancel'>): Answer {
  if (isClosed(state)) return decided(state, 'cancel');
  if (state.status === 'executing') return notFrom(state, 'cancel');
  return [{ type: 'PromotionCancelled', ...(reason === undefined ? {} : { reason }) }];
}

/** The promotion, when people may still decide on it: no gate or approval has settled it, nobody waits for its requester. */
function decidable(
  state: PromotionState,
  command: Command['type'],
): InStatus<'pending' | 'blocked'> | Refusal {
  if (state.status !== 'pending' && state.status !== 'blocked') return decided(state, command);
  if (state.status === 'pending' && state.waiting_for === 'changes') return notFrom(state, command);
  return state;
}

function isNamed(groups: readonly string[], quotas: readonly { readonly group: string }[]): boolean {
  return quotas.some(({ group }) => groups.includes(group));
}

function reasonMissing(): Refusal {
  return refuse('invalid_request', 'a reason must be given', { field: 'reason' });
}
