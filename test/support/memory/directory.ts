import {
  identityKey,
  machineKey,
  machinesPartition,
  membershipKey,
  subjectPartition,
  tenantKey,
} from '../../../functions/adapters/dynamodb/keys.ts';
import { mayAnywhere } from '../../../functions/domain/identity/roles.ts';
import type { Directory } from '../../../functions/ports/directory.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryDirectory(memory: Memory): Directory {
  return {
    membership: async (tenant, subject) => memory.memberships.get(membershipKey(tenant, subject)),
    membershipsOf: async (subject) => memory.memberships.partition(subjectPartition(subject)),
    async named(tenant, { subjects, machines }) {
      const all = memory.memberships.all().filter((membership) => membership.tenant === tenant);
      return {
        members: all.filter(({ subject }) => subjects.includes(subject)),
        machines: memory.machines
          .partition(machinesPartition(tenant))
          .filter(({ id }) => machines.includes(id)),
      };
    },
    async members(tenant, page) {
      const all = memory.memberships.all().filter((membership) => membership.tenant === tenant);
      return pageOf(all, ({ subject }) => subject, page);
    },
    async approvers(tenant, page) {
      const all = memory.memberships
        .all()
        .filter(
          (one) => one.tenant === tenant && one.status === 'active' && mayAnywhere(one.grants, 'approve'),
        );
      return pageOf(all, ({ subject }) => subject, page);
    },
    countMembers: async (tenant) => memory.memberships.all().filter((one) => one.tenant === tenant).length,
    machineByIdentity: async (account, role, unique_id) =>
      memory.identities.get(identityKey(account, role, unique_id)),
    machine: async (tenant, id) => memory.machines.get(machineKey(tenant, id)),
    machines: async (tenant, page) =>
      pageOf(memory.machines.partition(machinesPartition(tenant)), ({ id }) => id, page),
    countMachines: async (tenant) => memory.machines.partition(machinesPartition(tenant)).length,
    tenant: async (id) => memory.tenants.get(tenantKey(id)),
    tenants: async (page) => pageOf(memory.tenants.all(), ({ id }) => id, page),
  };
}
