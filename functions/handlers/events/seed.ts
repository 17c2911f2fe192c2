import * as z from 'zod/mini';
import { SeedInput, type SeedPerson } from '../../contract/seed.ts';
import { secretPrefix } from '../../domain/catalog/own-secret.ts';
import { adminsOf } from '../../use-cases/administration/admins-of.ts';
import { type SeedDeps, type SeededTenant, seedTenant } from '../../use-cases/administration/seed.ts';
import { seedRegistry } from '../../use-cases/administration/seed-registry.ts';
import { seedConfigDemo } from '../../use-cases/config/demo.ts';
import type { EditDeps } from '../../use-cases/config/edit.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';

/** What seeding came to. */
export type Seeded = {
  readonly tenants: readonly string[];
  readonly people: number;
  readonly machines: number;
  /** The subjects of those of the tenant that was asked for. */
  readonly admins?: readonly string[];
};

/**
 * Creates tenants with their default pipelines, people and machines; with `demo`, also the first one's demo data. Invoked by an operator, or by the first start of a local
 * runtime; twice is once. Throws on input of another shape, naming the fields.
 */
export function seedHandler(wired: () => SeedDeps & EditDeps, log: Log): (event: unknown) => Promise<Seeded> {
  let deps: (SeedDeps & EditDeps) | undefined;
  return async (event) => {
    const input = z.parse(SeedInput, event);
    deps ??= wired();
    const tenants = tenantsOf(input);
    for (const tenant of tenants) await seedTenant(deps, tenant);
    const [first] = tenants;
    const { demo = false, registry, admins_of } = input;
    if (demo && first !== undefined) await seedConfigDemo(deps, first.id);
    if (demo && registry !== undefined) {
      const { tenant_id: tenant, id, url } = registry;
      const secret_ref = `${secretPrefix({ tenant, purpose: 'registry' })}${id}`;
      await seedRegistry(deps, tenant, { id, url, secret_ref });
    }
    const seeded = {
      tenants: tenants.map(({ id }) => id),
      people: input.people.length,
      machines: input.machines?.length ?? 0,
      ...(admins_of === undefined
        ? {}
        : { admins: await adminsOf(deps, admins_of, peopleOf(input, admins_of)) }),
    };
    const { admins: _, ...counts } = seeded;
    log.info('seeded', counts);
    return seeded;
  };
}

const peopleOf = ({ people }: SeedInput, tenant: string): readonly string[] =>
  people.filter(({ tenant_id }) => tenant_id === tenant).map(({ user_id }) => user_id);

function tenantsOf({ people, machines = [] }: SeedInput): readonly SeededTenant[] {
  const ids = new Set([...people, ...machines].map(({ tenant_id }) => tenant_id));
  return [...ids].map((id) => {
    const own = people.filter((person) => person.tenant_id === id);
    return {
      id,
      name: own.find(({ tenant_name }) => tenant_name !== undefined)?.tenant_name ?? id,
      people: own.map(founderOf),
      machines: machines
        .filter((machine) => machine.tenant_id === id)
        .map(({ account_id, role_name, unique_id, owner, name, roles = [], ...machine }) => ({
          id: machine.id,
          name: name ?? machine.id,
          account: account_id,
          role: role_name,
          unique_id,
          owner,
          grants: roles.map((role) => ({ role })),
        })),
    };
  });
}

function founderOf({ user_id, email, roles = ['viewer'], groups = [] }: z.infer<typeof SeedPerson>) {
  return { subject: user_id, user_id, email, groups, grants: roles.map((role) => ({ role })) };
}

export const handler = seedHandler(() => wireTable(readEnvironment()), openLog());
