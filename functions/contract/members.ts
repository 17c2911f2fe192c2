import * as z from 'zod/mini';
import { EMail, EnvironmentName, Id, Instant, Line } from '../domain/fields.ts';
import { ROLES } from '../domain/identity/principal.ts';
import { resource } from './resource.ts';

/** People and machines of a tenant, and what they may do. */

const status = z.enum(['active', 'inactive']);

/** A role in the whole tenant, or in one environment. */
export const GrantInput = z.strictObject({
  role: z.enum(ROLES),
  environment: z.exactOptional(EnvironmentName),
});
export const Grants = z.array(GrantInput).check(z.maxLength(100));
export const Groups = z.array(Id).check(z.maxLength(50));

/** `subject` is the token's `sub`. Absent: the subject as `user_id`, no groups, no roles, `active`. */
export const NewMember = z.strictObject({
  subject: Id,
  user_id: z.exactOptional(Id),
  email: EMail,
  roles: z.exactOptional(Grants),
  groups: z.exactOptional(Groups),
  status: z.exactOptional(status),
});
export type NewMember = z.infer<typeof NewMember>;

export const MemberView = z.strictObject({
  subject: z.string(),
  organization_id: z.string(),
  user_id: z.string(),
  email: z.string(),
  roles: Grants,
  groups: z.array(z.string()),
  status,
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type MemberView = z.infer<typeof MemberView>;

/** An IAM role that may call. `unique_id` is the role's own (`AROA…`): a role made again under the same name is another. */
export const NewMachine = z.strictObject({
  id: z.exactOptional(Id),
  name: Line,
  account: z.string().check(z.regex(/^[0-9]{12}$/, 'must be the 12 digits of an AWS account')),
  role: z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/, 'must be the name of an IAM role')),
  unique_id: z
    .string()
    .check(z.regex(/^[A-Z0-9]{4,128}$/, 'must be the unique id of an IAM role, such as AROA…')),
  /** Subject of the member who answers for it. */
  owner: Id,
  roles: z.exactOptional(Grants),
  groups: z.exactOptional(Groups),
});
export type NewMachine = z.infer<typeof NewMachine>;

export const MachineView = z.strictObject({
  id: z.string(),
  organization_id: z.string(),
  name: z.string(),
  account: z.string(),
  role: z.string(),
  unique_id: z.string(),
  owner: z.string(),
  roles: Grants,
  groups: z.array(z.string()),
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type MachineView = z.infer<typeof MachineView>;

export const members = resource({
  governs: true,
  tag: 'members',
  words: 'a member',
  path: '/api/v1/members',
  key: 'subject',
  operations: {
    create: 'createMember',
    list: 'listMembers',
    get: 'getMember',
    replace: 'updateMember',
    remove: 'deleteMember',
  },
  body: NewMember,
  demanded: ['roles', 'groups'],
  fixed: ['subject', 'user_id'],
  view: MemberView,
  errors: ['unknown_environment', 'in_use'],
  removal: ['in_use'],
});

export const machines = resource({
  governs: true,
  tag: 'principals',
  words: 'a machine',
  path: '/api/v1/principals',
  key: 'id',
  operations: {
    create: 'createPrincipal',
    list: 'listPrincipals',
    get: 'getPrincipal',
    replace: 'updatePrincipal',
    remove: 'deletePrincipal',
  },
  body: NewMachine,
  demanded: ['roles', 'groups'],
  fixed: ['id'],
  view: MachineView,
  errors: ['unknown_environment'],
  removal: ['in_use'],
});
