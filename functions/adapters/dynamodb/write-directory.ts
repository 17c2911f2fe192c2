import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { MachineIdentity } from '../../domain/identity/machine.ts';
import { mayAnywhere } from '../../domain/identity/roles.ts';
import { item } from './item.ts';
import { approverKey, identityKey, machineKey, memberIndex, membershipKey, tenantKey } from './keys.ts';
import { atVersion, itemOf, put, remove, type WriteOf } from './write.ts';
import { assertOwn, assertRises } from './write-rules.ts';

/** A membership, and its place among the approvers or none: one commit moves both. */
export function membershipItems(
  name: string,
  tenant: string,
  write: WriteOf<'membership'>,
): TransactWriteItem[] {
  const { membership, expected } = write;
  assertOwn(tenant, membership.tenant);
  assertRises('membership', expected, membership.version);
  const { subject, status, grants, version } = membership;
  const stored = put(
    name,
    {
      key: membershipKey(tenant, subject),
      indexes: [memberIndex(tenant, subject)],
      body: membership,
      attributes: { ver: version },
    },
    atVersion(expected),
  );
  const key = approverKey(tenant, subject);
  if (status !== 'active' || !mayAnywhere(grants, 'approve')) return [stored, remove(name, key)];
  return [stored, { Put: { TableName: name, Item: itemOf({ key, body: membership }) } }];
}

export function membershipRemovals(
  name: string,
  tenant: string,
  { subject, expected }: WriteOf<'membership_delete'>,
): TransactWriteItem[] {
  return [
    remove(name, membershipKey(tenant, subject), atVersion(expected)),
    remove(name, approverKey(tenant, subject)),
  ];
}

/**
 * A machine is two items: one in its tenant, one found by its IAM identity before the tenant is known. The second belongs to
 * the first holder of the identity; `before` is the machine as it stands, whose identity is freed when it changes.
 */
export function machineItems(
  name: string,
  tenant: string,
  write: WriteOf<'machine'>,
  before: MachineIdentity | undefined,
): TransactWriteItem[] {
  const { machine, expected } = write;
  assertOwn(tenant, machine.tenant);
  assertRises(`machine ${machine.id}`, expected, machine.version);
  const attributes = { ver: machine.version, holder: holder(machine) };
  const byIdentity = keyOf(machine);
  const moved = before !== undefined && keyOf(before).PK !== byIdentity.PK;
  return [
    put(
      name,
      { key: machineKey(tenant, machine.id), body: machine, attributes: { ver: machine.version } },
      atVersion(expected),
    ),
    put(
      name,
      { key: byIdentity, body: machine, attributes },
      {
        expression: 'attribute_not_exists(PK) OR holder = :holder',
        values: item({ ':holder': holder(machine) }),
      },
    ),
    ...(moved ? [remove(name, keyOf(before))] : []),
  ];
}

export function machineRemovals(
  name: string,
  tenant: string,
  write: WriteOf<'machine_delete'>,
  before: MachineIdentity | undefined,
): TransactWriteItem[] {
  const removal = remove(name, machineKey(tenant, write.id), atVersion(write.expected));
  return before === undefined ? [removal] : [removal, remove(name, keyOf(before))];
}

export function tenantItem(name: string, tenant: string, write: WriteOf<'tenant'>): TransactWriteItem {
  assertOwn(tenant, write.tenant.id);
  assertRises('tenant', write.expected, write.tenant.version);
  const attributes = { ver: write.tenant.version };
  return put(name, { key: tenantKey(tenant), body: write.tenant, attributes }, atVersion(write.expected));
}

function keyOf(machine: MachineIdentity) {
  return identityKey(machine.account, machine.role, machine.unique_id);
}

function holder(machine: MachineIdentity): string {
  return `${machine.tenant}#${machine.id}`;
}
