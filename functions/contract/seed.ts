import * as z from 'zod/mini';
import { EMail, Id, Line } from '../domain/fields.ts';
import { AWS_ACCOUNT, IAM_ROLE, IAM_UNIQUE_ID } from '../domain/identity/machine.ts';
import { ROLES } from '../domain/identity/principal.ts';

/** What the seed function is invoked with, by an operator or by the first start of a local runtime. */

const Roles = z.array(z.enum(ROLES));
const Groups = z.array(Id);

/** A person of a tenant. The tenant is created when it is new, with the default pipeline. `user_id` is the token's `sub`. */
export const SeedPerson = z.object({
  tenant_id: Id,
  /** Absent: the tenant is called by its id. */
  tenant_name: z.optional(Line),
  user_id: Id,
  email: EMail,
  /** Held in the whole tenant. Absent: `viewer`. */
  roles: z.optional(Roles),
  groups: z.optional(Groups),
});

/** A machine of a tenant, known by its IAM role. `owner` is the person answerable for it. */
export const SeedMachine = z.object({
  tenant_id: Id,
  id: Id,
  name: z.optional(Line),
  account_id: AWS_ACCOUNT,
  role_name: IAM_ROLE,
  /** The role's unique id, `AROA…`. */
  unique_id: IAM_UNIQUE_ID,
  owner: Id,
  roles: z.optional(Roles),
});

export const SeedInput = z.object({
  people: z.array(SeedPerson),
  machines: z.optional(z.array(SeedMachine)),
  /** The registry of this machine, where there is one: with demo data it becomes the primary one of a tenant. */
  registry: z.optional(z.object({ tenant_id: Id, id: Id, url: z.url() })),
  /** The tenant whose admins the answer names. With nobody to create nothing is written. */
  admins_of: z.optional(Id),
  /** Whether demo data is wanted beside tenants and people. */
  demo: z.optional(z.boolean()),
});

export type SeedInput = z.infer<typeof SeedInput>;
