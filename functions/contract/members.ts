import * as z from 'zod/mini';
import { ROLES } from '../domain/identity/principal.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { EMail, EnvironmentName, Id, Instant, Line, listOf, PAGE } from './fields.ts';

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

/** What is absent stays as it is. */
export const MemberChange = z.strictObject({
  email: z.exactOptional(EMail),
  roles: z.exactOptional(Grants),
  groups: z.exactOptional(Groups),
  status: z.exactOptional(status),
});
export type MemberChange = z.infer<typeof MemberChange>;

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
  account: z.string().check(z.regex(/^[0-9]{12}$/)),
  role: z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/)),
  unique_id: z.string().check(z.regex(/^[A-Z0-9]{4,128}$/)),
  /** Subject of the member who answers for it. */
  owner: Id,
  roles: z.exactOptional(Grants),
  groups: z.exactOptional(Groups),
});
export type NewMachine = z.infer<typeof NewMachine>;

/** What is absent stays as it is. */
export const MachineChange = z.strictObject({
  name: z.exactOptional(Line),
  account: z.exactOptional(NewMachine.shape.account),
  role: z.exactOptional(NewMachine.shape.role),
  unique_id: z.exactOptional(NewMachine.shape.unique_id),
  owner: z.exactOptional(Id),
  roles: z.exactOptional(Grants),
  groups: z.exactOptional(Groups),
});
export type MachineChange = z.infer<typeof MachineChange>;

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

const crud = { body: EMPTY, query: EMPTY } as const;
const member = { ...crud, tag: 'members', response: MemberView } as const;
const machine = { ...crud, tag: 'principals', response: MachineView } as const;
const removal = { ...crud, method: 'DELETE', status: [204], if_match: true } as const;

export const createMember = endpoint({
  ...member,
  method: 'POST',
  path: '/api/v1/members',
  operation: 'createMember',
  summary: 'Makes a person a member of the tenant',
  body: NewMember,
  status: [201],
  errors: ['unknown_environment', 'conflict', 'idempotency_key_reused'],
  idempotent: true,
});

export const listMembers = endpoint({
  ...member,
  method: 'GET',
  path: '/api/v1/members',
  operation: 'listMembers',
  summary: 'Lists the members',
  query: z.strictObject(PAGE),
  response: listOf(MemberView),
  status: [200],
  errors: [],
});

export const getMember = endpoint({
  ...member,
  method: 'GET',
  path: '/api/v1/members/{subject}',
  operation: 'getMember',
  summary: 'Reads a member; its ETag is its version',
  status: [200],
  errors: [],
});

export const updateMember = endpoint({
  ...member,
  method: 'PUT',
  path: '/api/v1/members/{subject}',
  operation: 'updateMember',
  summary: 'Changes roles, groups, e-mail or status of a member',
  body: MemberChange,
  status: [200],
  errors: ['unknown_environment', 'in_use', 'conflict', 'precondition_failed'],
  if_match: true,
});

export const deleteMember = endpoint({
  ...removal,
  path: '/api/v1/members/{subject}',
  operation: 'deleteMember',
  summary: 'Ends a membership; the last active admin stays',
  tag: 'members',
  errors: ['in_use', 'conflict', 'precondition_failed'],
});

export const createMachine = endpoint({
  ...machine,
  method: 'POST',
  path: '/api/v1/principals',
  operation: 'createPrincipal',
  summary: 'Registers an IAM role as a machine of the tenant',
  body: NewMachine,
  status: [201],
  errors: ['unknown_environment', 'conflict', 'idempotency_key_reused'],
  idempotent: true,
});

export const listMachines = endpoint({
  ...machine,
  method: 'GET',
  path: '/api/v1/principals',
  operation: 'listPrincipals',
  summary: 'Lists the machines',
  query: z.strictObject(PAGE),
  response: listOf(MachineView),
  status: [200],
  errors: [],
});

export const getMachine = endpoint({
  ...machine,
  method: 'GET',
  path: '/api/v1/principals/{id}',
  operation: 'getPrincipal',
  summary: 'Reads a machine; its ETag is its version',
  status: [200],
  errors: [],
});

export const updateMachine = endpoint({
  ...machine,
  method: 'PUT',
  path: '/api/v1/principals/{id}',
  operation: 'updatePrincipal',
  summary: 'Changes a machine',
  body: MachineChange,
  status: [200],
  errors: ['unknown_environment', 'conflict', 'precondition_failed'],
  if_match: true,
});

export const deleteMachine = endpoint({
  ...removal,
  path: '/api/v1/principals/{id}',
  operation: 'deletePrincipal',
  summary: 'Deletes a machine: its role may call no more',
  tag: 'principals',
  errors: ['in_use', 'conflict', 'precondition_failed'],
});
