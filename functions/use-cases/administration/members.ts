import { memberAuthority } from '../../domain/authority/people.ts';
import { isAdmin } from '../../domain/identity/admin.ts';
import type { MemberFields, Membership } from '../../domain/identity/member.ts';
import { actorOf } from '../../domain/identity/principal.ts';
import { EVERY_ENVIRONMENT } from '../../domain/policy/merge.ts';
import { memberPrincipal } from '../access/principals.ts';
import type { Description } from '../catalog/description.ts';
import { checkedGrants } from './grants.ts';
import { deciding } from './guards.ts';
import { lastAdmin } from './last-admin.ts';

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
  async make({ deps, principal, tenant, fields: given, stored, stamp, now }) {
    const { roles, ...fields } = given;
    const grants = await checkedGrants(deps, principal, roles, stored?.grants);
    if ('refused' in grants) return grants;
    const { user_id = fields.subject, groups } = fields;
    const said = { tenant, ...fields, user_id, groups: [...new Set(groups)], grants };
    const since = stored !== undefined && isAdmin(stored) ? (stored.admin_since ?? stored.updated_at) : now;
    return { ...said, ...(isAdmin(said) ? { admin_since: since } : {}), ...stamp };
  },
  async forbids(deps, _, { before, after }) {
    const loses = before !== undefined && isAdmin(before) && !(after !== undefined && isAdmin(after));
    return loses ? await lastAdmin(deps, before) : undefined;
  },
  beside: deciding,
  authority: memberAuthority,
  removesAdmin({ before, after }) {
    const loses = before !== undefined && isAdmin(before) && !(after !== undefined && isAdmin(after));
    return loses ? actorOf(memberPrincipal(before)) : undefined;
  },
  // Since when somebody is admin follows from the changes of their roles.
  recorded: ({ admin_since: _, ...member }) => member,
};
