import * as z from 'zod/mini';
import { EMail, EnvironmentName, Id } from '../fields.ts';
import { type Item, noun, type Said } from '../noun.ts';
import { ROLES } from './principal.ts';

/** Roles, each held in the whole tenant or in one environment. */
export const Grants = z
  .array(
    z.strictObject({
      role: z.enum(ROLES).check(z.describe('The role.')),
      environment: z
        .exactOptional(EnvironmentName)
        .check(z.describe('The environment in which it is held; absent: the whole tenant.')),
    }),
  )
  .check(z.maxLength(100));
export const Groups = z.array(Id).check(z.maxLength(50));

/** What people and machines have in common: roles are said and shown, and kept as grants. */
export const ACCESS = {
  input: {
    roles: z._default(Grants, []).check(z.describe('The roles that they hold.')),
    groups: z
      ._default(Groups, [])
      .check(z.describe('The groups that they belong to, as approval policies name them.')),
  },
  managed: { tenant: z.string() },
  computed: { roles: Grants },
};

/** A person's place in one tenant. */
export const member = noun({
  input: {
    subject: Id.check(z.describe('The `sub` of the token of the identity provider.')),
    user_id: z.exactOptional(Id).check(z.describe('What `X-User-ID` must say; absent: the subject.')),
    email: EMail.check(z.describe('The address that is mailed.')),
    ...ACCESS.input,
    status: z
      ._default(z.enum(['active', 'inactive']), 'active')
      .check(z.describe('An `inactive` member may do nothing.')),
  },
  managed: { ...ACCESS.managed, user_id: z.string() },
  internal: {
    grants: Grants,
    /** Since when they administer the whole tenant; of an admin from before this was kept, absent: since `updated_at` at the latest. */
    admin_since: z.exactOptional(z.string()),
  },
  computed: ACCESS.computed,
});

export interface Membership extends Item<typeof member> {}

/** What callers say of a member, its defaults filled in. */
export interface MemberFields extends Said<typeof member> {}
