import type { MachineView, MemberView } from '../../contract/members.ts';
import type { TenantView } from '../../contract/tenants.ts';
import type { Grant } from '../../domain/identity/principal.ts';
import type { MachineIdentity, Membership, Tenant } from '../../ports/directory.ts';

/** A member as the API shows it. */
export function memberView({ tenant, grants, groups, admin_since: _, ...member }: Membership): MemberView {
  return { ...member, organization_id: tenant, roles: grants.map(grantView), groups: [...groups] };
}

/** A machine as the API shows it. */
export function machineView({ tenant, grants, groups, ...machine }: MachineIdentity): MachineView {
  return { ...machine, organization_id: tenant, roles: grants.map(grantView), groups: [...groups] };
}

/** A tenant as the API shows it. */
export const tenantView = ({ id, name, created_at, version }: Tenant): TenantView => ({
  id,
  name,
  created_at,
  version,
});

const grantView = ({ role, environment }: Grant) =>
  environment === undefined ? { role } : { role, environment };
