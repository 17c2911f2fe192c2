import type { Digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import { samePerson } from '../identity/same-person.ts';
import type { Requirements } from '../policy/requirements.ts';
import type { Approval } from './state.ts';

/** How far approvals have come. `completed_by` gave the one that met the last demand; absent when nothing was demanded. */
export type Quorum = {
  readonly required: number;
  readonly groups: readonly { readonly group: string; readonly min: number; readonly granted: number }[];
  readonly granted: readonly Approval[];
  readonly complete: boolean;
  readonly completed_by?: Actor;
};

/** Counts approvals of one manifest: each person once, and in every group the person was in when approving. */
export function countApprovals(
  requirements: Pick<Requirements, 'required_approvers' | 'groups'>,
  approvals: readonly Approval[],
  manifest_digest: Digest,
): Quorum {
  const granted: Approval[] = [];
  let completed_by: Actor | undefined;
  for (const approval of approvals) {
    if (approval.manifest_digest !== manifest_digest) continue;
    if (granted.some(({ actor }) => samePerson(actor, approval.actor))) continue;
    const before = isComplete(requirements, granted);
    granted.push(approval);
    if (!before && isComplete(requirements, granted)) completed_by = approval.actor;
  }
  const groups = requirements.groups.map((quota) => ({ ...quota, granted: inGroup(granted, quota.group) }));
  const counted = {
    required: requirements.required_approvers,
    groups,
    granted,
    complete: isComplete(requirements, granted),
  };
  return completed_by === undefined ? counted : { ...counted, completed_by };
}

/** Returns the groups of which too few have approved. */
export const missingGroups = (groups: Quorum['groups']): string[] =>
  groups.flatMap(({ group, min, granted }) => (granted < min ? [group] : []));

function isComplete(
  { required_approvers, groups }: Pick<Requirements, 'required_approvers' | 'groups'>,
  granted: readonly Approval[],
): boolean {
  return (
    granted.length >= required_approvers && groups.every(({ group, min }) => inGroup(granted, group) >= min)
  );
}

function inGroup(granted: readonly Approval[], group: string): number {
  return granted.filter(({ groups }) => groups.includes(group)).length;
}
