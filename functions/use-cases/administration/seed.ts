import type { MachineIdentity } from '../../domain/identity/machine.ts';
import { type Grant, SYSTEM } from '../../domain/identity/principal.ts';
import { recordChange } from '../audit/record-change.ts';
import type { Deps } from '../deps.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { type Founder, foundTenant, memberOf } from './found-tenant.ts';

export type SeedDeps = Pick<Deps, 'directory' | 'transactions' | 'changes' | 'clock' | 'random' | 'sleep'>;

export type SeededTenant = {
  readonly id: string;
  readonly name: string;
  readonly people: readonly Founder[];
  readonly machines: readonly SeededMachine[];
};
export type SeededMachine = Pick<
  MachineIdentity,
  'id' | 'name' | 'account' | 'role' | 'unique_id' | 'owner'
> & { readonly grants: readonly Grant[] };

/**
 * Sees to it that a tenant, its people and its machines are there. What is there already stays as it is: seeding twice is
 * seeding once, and never takes back what an admin has changed since. An operator's act: it asks nobody's role.
 */
export async function seedTenant(deps: SeedDeps, tenant: SeededTenant): Promise<void> {
  const { id, name, people } = tenant;
  await untilCommitted(deps, async () => {
    const founded = await foundTenant(deps, { id, name, founders: people.slice(0, AT_ONCE), by: SYSTEM });
    return founded ?? (await deps.directory.tenant(id)) ?? RACE_LOST;
  });
  for (const person of people) await ensureMember(deps, id, person);
  for (const machine of tenant.machines) await ensureMachine(deps, id, machine);
}

/** Founders in the founding commit: two items each at most, with the tenant and its pipeline well below a transaction's 100. */
const AT_ONCE = 40;

async function ensureMember(deps: SeedDeps, tenant: string, person: Founder): Promise<void> {
  await untilCommitted(deps, async () => {
    const there = await deps.directory.membership(tenant, person.subject);
    if (there !== undefined) return there;
    const membership = memberOf(tenant, person, deps.clock.now());
    const result = await deps.transactions.commit(tenant, [
      { write: 'membership', membership, expected: 0 },
      await recordChange(deps, tenant, SYSTEM, {
        action: 'create',
        target: { type: 'member', id: person.subject },
        after: membership,
      }),
    ]);
    return result.committed ? membership : RACE_LOST;
  });
}

async function ensureMachine(deps: SeedDeps, tenant: string, seeded: SeededMachine): Promise<void> {
  await untilCommitted(deps, async () => {
    const there =
      (await deps.directory.machine(tenant, seeded.id)) ??
      (await deps.directory.machineByIdentity(seeded.account, seeded.role, seeded.unique_id));
    if (there !== undefined) return there;
    const now = deps.clock.now();
    const machine = { ...seeded, tenant, groups: [], version: 1, created_at: now, updated_at: now };
    const result = await deps.transactions.commit(tenant, [
      { write: 'machine', machine, expected: 0 },
      await recordChange(deps, tenant, SYSTEM, {
        action: 'create',
        target: { type: 'machine', id: seeded.id },
        after: machine,
      }),
    ]);
    return result.committed ? machine : RACE_LOST;
  });
}
