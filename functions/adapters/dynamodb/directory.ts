import type { Directory } from '../../ports/directory.ts';
import { decodeBody } from './body.ts';
import {
  identityKey,
  machineKey,
  machinesPartition,
  membershipKey,
  membersPartition,
  subjectPartition,
  TENANTS,
  tenantKey,
} from './keys.ts';
import { bodyPage, indexedPage, queryAll, readBody } from './read.ts';
import { machine, membership, tenant as tenantSchema } from './schemas/identity.ts';
import type { Table } from './table.ts';

export function dynamoDirectory(table: Table): Directory {
  return {
    membership: async (tenant, subject) => readBody(table, membershipKey(tenant, subject), membership),
    async membershipsOf(subject) {
      const found = await queryAll(table, { partition: subjectPartition(subject) });
      return found.map((each) => decodeBody(each, membership));
    },
    members: async (tenant, page) =>
      indexedPage(table, { partition: membersPartition(tenant), index: 'GSI1' }, page, membership),
    machineByIdentity: async (account, role, unique_id) =>
      readBody(table, identityKey(account, role, unique_id), machine),
    machine: async (tenant, id) => readBody(table, machineKey(tenant, id), machine),
    machines: async (tenant, page) =>
      bodyPage(table, { partition: machinesPartition(tenant) }, page, machine),
    tenant: async (id) => readBody(table, tenantKey(id), tenantSchema),
    tenants: async (page) => bodyPage(table, { partition: TENANTS }, page, tenantSchema),
  };
}
