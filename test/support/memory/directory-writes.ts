import {
  identityKey,
  machineKey,
  membershipKey,
  tenantKey,
} from '../../../functions/adapters/dynamodb/keys.ts';
import { assertOwn, assertRises } from '../../../functions/adapters/dynamodb/write-rules.ts';
import type { MachineIdentity } from '../../../functions/domain/identity/machine.ts';
import type { Memory } from './memory-map.ts';
import { type Prepared, removal, replacement, type WriteOf } from './prepared.ts';

export function membershipWrite(memory: Memory, tenant: string, write: WriteOf<'membership'>): Prepared {
  const { membership, expected } = write;
  assertOwn(tenant, membership.tenant);
  assertRises('membership', expected, membership.version);
  return replacement(memory.memberships, membershipKey(tenant, membership.subject), membership, expected);
}

export function membershipRemoval(
  memory: Memory,
  tenant: string,
  write: WriteOf<'membership_delete'>,
): Prepared {
  return removal(memory.memberships, membershipKey(tenant, write.subject), write.expected);
}

/** An identity belongs to the first machine that claims it, in whichever tenant. */
export function machineWrite(memory: Memory, tenant: string, write: WriteOf<'machine'>): Prepared {
  const { machine, expected } = write;
  assertOwn(tenant, machine.tenant);
  assertRises(`machine ${machine.id}`, expected, machine.version);
  const key = machineKey(tenant, machine.id);
  const identity = keyOf(machine);
  const before = memory.machines.get(key);
  const holder = memory.identities.get(identity);
  const owned = holder === undefined || (holder.tenant === tenant && holder.id === machine.id);
  return {
    keys: [key, identity],
    holds: (before?.version ?? 0) === expected && owned,
    apply() {
      if (before !== undefined) memory.identities.delete(keyOf(before));
      memory.machines.set(key, machine);
      memory.identities.set(identity, machine);
    },
  };
}

export function machineRemoval(memory: Memory, tenant: string, write: WriteOf<'machine_delete'>): Prepared {
  const key = machineKey(tenant, write.id);
  const before = memory.machines.get(key);
  const prepared = removal(memory.machines, key, write.expected);
  return {
    ...prepared,
    apply() {
      prepared.apply();
      if (before !== undefined) memory.identities.delete(keyOf(before));
    },
  };
}

export function tenantWrite(memory: Memory, tenant: string, write: WriteOf<'tenant'>): Prepared {
  assertOwn(tenant, write.tenant.id);
  assertRises('tenant', write.expected, write.tenant.version);
  return replacement(memory.tenants, tenantKey(tenant), write.tenant, write.expected);
}

function keyOf(machine: MachineIdentity) {
  return identityKey(machine.account, machine.role, machine.unique_id);
}
