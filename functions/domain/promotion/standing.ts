import type { Principal } from '../identity/principal.ts';
import { may } from '../identity/roles.ts';
import type { PromotionEvent } from './events.ts';
import type { Approval, PromotionState, Seal } from './state.ts';

/** What an approval is held against once more: where it lets something in, and which groups the policy names there. */
type Deciding = Pick<PromotionState, 'target_environment' | 'approvals'> & {
  readonly seal: Pick<Seal, 'requirements'>;
};

/**
 * The approvals that no longer count: the approver is no active member any more, may no longer approve in the target, or has left a group
 * that the policy names and that the approval counted in. `approvers` are those who are still there, as the directory knows them.
 */
export function goneApprovals(
  { target_environment, approvals, seal }: Deciding,
  approvers: readonly Principal[],
): readonly Approval[] {
  const named = seal.requirements.groups.map(({ group }) => group);
  return approvals.filter(({ actor, groups }) => {
    const known = approvers.find(({ subject, kind }) => subject === actor.subject && kind === actor.kind);
    if (known === undefined || !may(known, 'approve', target_environment)) return true;
    return groups.some((group) => named.includes(group) && !known.groups.includes(group));
  });
}

/** The approvals that stand once some, or all, were declared void. */
export function keptApprovals(
  approvals: readonly Approval[],
  { approvers }: Pick<Extract<PromotionEvent, { readonly type: 'ApprovalsVoided' }>, 'approvers'>,
): readonly Approval[] {
  return approvers === undefined ? [] : approvals.filter(({ actor }) => !approvers.includes(actor.subject));
}
