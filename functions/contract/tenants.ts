import * as z from 'zod/mini';
import { EMail, Id, Instant, Line, Text } from '../domain/fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';
import { replacing } from './shape.ts';

/** Tenants: for operators only. */

/** A tenant begins with the default pipeline and one admin. Its id is the operator's to choose, so that asking again is safe. */
export const NewTenant = z.strictObject({
  id: Id,
  name: Line,
  admin: z.strictObject({ subject: Id, user_id: z.exactOptional(Id), email: EMail }),
});
export type NewTenant = z.infer<typeof NewTenant>;

export const TenantView = z.strictObject({
  id: z.string(),
  name: z.string(),
  created_at: Instant,
  version: z.int(),
});
export type TenantView = z.infer<typeof TenantView>;

/** What replaces a tenant and what changes part of one: its name, and whatever of the rest is repeated as it is. */
const TenantChange = z.strictObject({ name: Line });
export const tenantNoun = {
  said: TenantChange,
  demanded: ['name'],
  readonly: ['id', 'created_at', 'version'],
} as const;
const why = { name: 'reason', schema: Text };

const base = { tag: 'tenants', body: EMPTY, query: EMPTY, response: TenantView } as const;

export const createTenant = endpoint({
  ...base,
  method: 'POST',
  path: '/api/v1/tenants',
  operation: 'createTenant',
  summary: 'Creates a tenant with the default pipeline and its first admin',
  body: NewTenant,
  status: [201],
  errors: ['conflict'],
});

export const listTenants = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/tenants',
  operation: 'listTenants',
  summary: 'Lists the tenants',
  query: z.strictObject(PAGE),
  response: listOf(TenantView),
  status: [200],
  errors: [],
});

export const getTenant = endpoint({
  ...base,
  method: 'GET',
  path: '/api/v1/tenants/{id}',
  operation: 'getTenant',
  summary: 'Reads a tenant; its ETag is its version',
  status: [200],
  errors: [],
});

export const updateTenant = endpoint({
  ...base,
  method: 'PUT',
  path: '/api/v1/tenants/{id}',
  operation: 'updateTenant',
  summary: 'Replaces a tenant: its name',
  body: replacing(TenantChange, { ...tenantNoun, why }),
  status: [200],
  errors: ['immutable', 'conflict', 'precondition_failed'],
  if_match: true,
});

export const patchTenant = endpoint({
  ...base,
  method: 'PATCH',
  path: '/api/v1/tenants/{id}',
  operation: 'patchTenant',
  summary: 'Changes part of a tenant (RFC 7396)',
  body: replacing(TenantChange, { ...tenantNoun, patch: true, why }),
  status: [200],
  errors: ['immutable', 'conflict', 'precondition_failed'],
  if_match: true,
});
