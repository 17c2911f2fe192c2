import { machineAuthority } from '../../domain/authority/people.ts';
import type { MachineFields, MachineIdentity } from '../../domain/identity/machine.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Description, KeepingDeps } from '../catalog/description.ts';
import { checkedGrants } from './grants.ts';
import { deciding } from './guards.ts';

/** Machines of a tenant, each with a member who answers for it. One that reports for a gateway stays. */
export const machines: Description<MachineIdentity, MachineFields> = {
  type: 'machine',
  words: 'machine',
  actions: { read: 'manage_members', write: 'manage_members' },
  limit: 1_000,
  storage: {
    read: (deps, tenant, { id }) => deps.directory.machine(tenant, id),
    page: (deps, tenant, page) => deps.directory.machines(tenant, page),
    count: (deps, tenant) => deps.directory.countMachines(tenant),
    put: (machine, expected) => ({ write: 'machine', machine, expected }),
    remove: ({ id, version }) => ({ write: 'machine_delete', id, expected: version }),
  },
  prefix: 'mach',
  named: ({ id }) => id,
  idOf: ({ id }) => id,
  scope: () => [EVERY_ENVIRONMENT],
  asked: () => [],
  isOwn: (principal, id) => principal.kind === 'machine' && principal.subject === id,
  async make({ deps, principal, tenant, fields, ref, stored, stamp }) {
    const { roles, ...said } = fields;
    const grants = await checkedGrants(deps, principal, roles, stored?.grants);
    if ('refused' in grants) return grants;
    const machine = { tenant, ...said, id: ref.id, grants, groups: [...new Set(said.groups)], ...stamp };
    return (await wrongPeople(deps, machine)) ?? machine;
  },
  async heldBy(deps, tenant, { id }) {
    const gateway = (await deps.catalog.all(tenant, 'gateway')).find(({ principal }) => principal === id);
    if (gateway === undefined) return undefined;
    return refuse(
      'in_use',
      `the machine ${id} reports for the gateway ${gateway.id}: bind another one first`,
      {
        gateway_id: gateway.id,
      },
    );
  },
  beside: deciding,
  authority: machineAuthority,
  recorded: (machine) => machine,
};

/** Refuses an owner who is no member, and a role that is another machine's. */
async function wrongPeople(
  { directory }: Pick<KeepingDeps, 'directory'>,
  { id, tenant, owner, account, role, unique_id }: MachineIdentity,
): Promise<Refusal | undefined> {
  if ((await directory.membership(tenant, owner)) === undefined) {
    return refuse('invalid_request', 'owner is no member of this tenant', {
      errors: [{ field: 'owner', problem: 'is no member of this tenant' }],
    });
  }
  const holder = await directory.machineByIdentity(account, role, unique_id);
  if (holder === undefined || (holder.tenant === tenant && holder.id === id)) return undefined;
  return refuse('conflict', 'this IAM role is registered already', { unique_id });
}
