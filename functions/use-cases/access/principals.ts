import type { MachineIdentity } from '../../domain/identity/machine.ts';
import type { Membership } from '../../domain/identity/member.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Deps } from '../deps.ts';

/** A member as a caller; whether the membership is active is for the reader to ask. */
export function memberPrincipal({ tenant, subject, email, groups, grants }: Membership): Principal {
  return { tenant, subject, email, kind: 'person', groups, grants };
}

/** A machine as a caller. */
export function machinePrincipal({ tenant, id, groups, grants, owner }: MachineIdentity): Principal {
  return { tenant, subject: id, email: '', kind: 'machine', groups, grants, owner };
}

/** Reads, in one batch, who of a promotion's approvers is an active member or a machine of the tenant still. */
export async function approversOf(
  { directory }: Pick<Deps, 'directory'>,
  { tenant, approvals }: Pick<PromotionState, 'tenant' | 'approvals'>,
): Promise<readonly Principal[]> {
  if (approvals.length === 0) return [];
  const subjectsOf = (kind: Principal['kind']) =>
    approvals.filter(({ actor }) => actor.kind === kind).map(({ actor }) => actor.subject);
  const { members, machines } = await directory.named(tenant, {
    subjects: subjectsOf('person'),
    machines: subjectsOf('machine'),
  });
  const active = members.filter(({ status }) => status === 'active');
  return [...active.map(memberPrincipal), ...machines.map(machinePrincipal)];
}
