import type { MachineView, MemberView } from '../../contract/members.ts';
import type { TenantView } from '../../contract/tenants.ts';
import { type MachineIdentity, machine } from '../../domain/identity/machine.ts';
import { type Membership, member } from '../../domain/identity/member.ts';
import type { Tenant } from '../../ports/directory.ts';

/** A member as the API shows it. */
export const memberView = (one: Membership): MemberView =>
  member.show(one.tenant, one, { roles: one.grants });

/** A machine as the API shows it. */
export const machineView = (one: MachineIdentity): MachineView =>
  machine.show(one.tenant, one, { roles: one.grants });

/** A tenant as the API shows it. */
export const tenantView = ({ id, name, created_at, version }: Tenant): TenantView => ({
  id,
  name,
  created_at,
  version,
});
