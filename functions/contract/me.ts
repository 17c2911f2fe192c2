import * as z from 'zod/mini';
import { Grants } from '../domain/identity/member.ts';
import { EMPTY, endpoint } from './endpoint.ts';

/** The caller, as Sluice knows them. */

export const MeView = z.strictObject({
  subject: z.string(),
  kind: z.enum(['person', 'machine']),
  /** Empty for a machine. */
  email: z.string(),
  /** What `X-User-ID` has to say, where it is sent. */
  user_id: z.string(),
  /** The tenant that this request is about. */
  organization_id: z.string(),
  roles: Grants,
  groups: z.array(z.string()),
  /** Who answers for a machine; null for a person. */
  owner: z.nullable(z.string()),
  /** Every tenant of the caller in order of name, inactive memberships among them. */
  tenants: z.array(
    z.strictObject({ id: z.string(), name: z.string(), status: z.enum(['active', 'inactive']) }),
  ),
});
export type MeView = z.infer<typeof MeView>;

export const getMe = endpoint({
  method: 'GET',
  path: '/api/v1/me',
  operation: 'getMe',
  summary: 'Read who you are: tenants, roles and groups',
  tag: 'members',
  body: EMPTY,
  query: EMPTY,
  response: MeView,
  status: [200],
  errors: [],
});
