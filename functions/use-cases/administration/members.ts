import { isAdmin } from '../../domain/identity/admin.ts';
import { actorOf, type Grant } from '../../domain/identity/principal.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import type { Membership } from '../../ports/directory.ts';
import { memberPrincipal } from '../access/principals.ts';
import type { Description } from '../catalog/description.ts';
import { weakensByMember } from '../catalog/governed.ts';
import { checkedGrants } from './grants.ts';
import { deciding } from './guards.ts';
import { lastAdmin } from './last-admin.ts';

/** What a caller says of a member. Absent: the subject as `user_id`, no roles, no groups, `active`. */
export type MemberFields = {
  readonly subject: string;
  readonly user_id?: string;
  readonly email: string;
  readonly roles?: readonly Grant[];
  readonly groups?: readonly string[];
  readonly status?: Membership['status'];
};

/** People of a tenant. The last active admin stays. */
export const members: Description<Membership, MemberFields> = {
  type: 'member',
  words: 'member',
  actions: { read: 'manage_members', write: 'manage_members' },
  limit: 10_000,
  storage: {
    read: (deps, tenant, { id }) => deps.directory.membership(tenant, id),
    page: (deps, tenant, page) => deps.directory.members(tenant, page),
    count: (deps, tenant) => deps.directory.countMembers(tenant),
    put: (membership, expected) => ({ write: 'membership', membership, expected }),
    remove: ({ subject, version }) => ({ write: 'membership_delete', subject, expected: version }),
  },
  named: ({ subject }) => subject,
  idOf: ({ subject }) => subject,
  scope: () => [EVERY_ENVIRONMENT],
  asked: () => [],
  isOwn: (principal, id) => principal.kind === 'person' && principal.subject === id,
  async make({ deps, principal, tenant, fields, stored, stamp, now }) {
    const grants = await checkedGrants(deps, principal, fields.roles ?? [], stored?.grants);
    if ('refused' in grants) return grants;
    const { subject, user_id = subject, email, groups = [], status = 'active' } = fields;
    const said = { tenant, subject, user_id, email, groups: [...new Set(groups)], grants, status };
    const since = stored !== undefined && isAdmin(stored) ? (stored.admin_since ?? stored.updated_at) : now;
    return { ...said, ...(isAdmin(said) ? { admin_since: since } : {}), ...stamp };
  },
  async forbids(deps, _, { before, after }) {
    const loses = before !== undefined && isAdmin(before) && !(after !== undefined && isAdmin(after));
    return loses ? await lastAdmin(deps, before) : undefined;
  },
  beside: deciding,
  weakens: weakensByMember,
  removesAdmin({ before, after }) {
    const loses = before !== undefined && isAdmin(before) && !(after !== undefined && isAdmin(after));
    return loses ? actorOf(memberPrincipal(before)) : undefined;
  },
  // Since when somebody is admin follows from the changes of their roles.
  recorded: ({ admin_since: _, ...member }) => member,
};
