import { machine } from '../../domain/identity/machine.ts';
import { member } from '../../domain/identity/member.ts';
import type { Directory } from '../../ports/directory.ts';
import { readBatches } from './batches.ts';
import { decodeBody } from './body.ts';
import { type Item, item, text } from './item.ts';
import {
  approversPartition,
  identityKey,
  machineKey,
  machinesPartition,
  membershipKey,
  membersPartition,
  subjectPartition,
  TENANTS,
  tenantKey,
} from './keys.ts';
import { bodyPage, count, indexedPage, nameOf, queryAll, readBody } from './read.ts';
import { tenant as tenantSchema } from './schemas/identity.ts';
import type { Table } from './table.ts';

export function dynamoDirectory(table: Table): Directory {
  return {
    membership: async (tenant, subject) => readBody(table, membershipKey(tenant, subject), member.stored),
    async membershipsOf(subject) {
      const found = await queryAll(table, { partition: subjectPartition(subject) });
      return found.map((each) => decodeBody(each, member.stored));
    },
    async named(tenant, { subjects, machines }) {
      const people = subjects.map((subject) => membershipKey(tenant, subject));
      const keys = new Map(
        [...people, ...machines.map((id) => machineKey(tenant, id))].map((key) => [nameOf(item(key)), key]),
      );
      const found = await readBatches(table, [...keys.values()], 'strong');
      const isMachine = (each: Item) => text(each, 'PK') === machinesPartition(tenant);
      return {
        members: found.filter((each) => !isMachine(each)).map((each) => decodeBody(each, member.stored)),
        machines: found.filter(isMachine).map((each) => decodeBody(each, machine.stored)),
      };
    },
    members: async (tenant, page) =>
      indexedPage(table, { partition: membersPartition(tenant), index: 'GSI1' }, page, member.stored),
    approvers: async (tenant, page) =>
      bodyPage(table, { partition: approversPartition(tenant) }, page, member.stored),
    countMembers: async (tenant) => count(table, { partition: membersPartition(tenant), index: 'GSI1' }),
    machineByIdentity: async (account, role, unique_id) =>
      readBody(table, identityKey(account, role, unique_id), machine.stored),
    machine: async (tenant, id) => readBody(table, machineKey(tenant, id), machine.stored),
    machines: async (tenant, page) =>
      bodyPage(table, { partition: machinesPartition(tenant) }, page, machine.stored),
    countMachines: async (tenant) => count(table, { partition: machinesPartition(tenant) }),
    tenant: async (id) => readBody(table, tenantKey(id), tenantSchema),
    tenants: async (page) => bodyPage(table, { partition: TENANTS }, page, tenantSchema),
  };
}
