import type { Membership } from '../../domain/identity/member.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Deps } from '../deps.ts';

/** One tenant of a caller. */
export type OwnTenant = {
  readonly id: string;
  readonly name: string;
  readonly status: Membership['status'];
};

/** The caller with what only the directory knows of them. */
export type Me = {
  readonly principal: Principal;
  readonly user_id: string;
  /** In order of name. */
  readonly tenants: readonly OwnTenant[];
};

/** Reads who the caller is and which tenants know them. Needs no role: everybody may know this of themselves. */
export async function readMe(
  { directory }: Pick<Deps, 'directory'>,
  { principal }: { readonly principal: Principal },
): Promise<Me> {
  const { tenant, subject, kind } = principal;
  const memberships = kind === 'machine' ? [] : await directory.membershipsOf(subject);
  const known =
    kind === 'machine'
      ? [{ tenant, status: 'active' as const }]
      : memberships.map((each) => ({ tenant: each.tenant, status: each.status }));
  const tenants = await Promise.all(
    known.map(async ({ tenant: id, status }) => {
      const found = await directory.tenant(id);
      return { id, name: found?.name ?? id, status };
    }),
  );
  const here = memberships.find((each) => each.tenant === tenant);
  return { principal, user_id: here?.user_id ?? subject, tenants: tenants.toSorted(byName) };
}

const byName = (a: OwnTenant, b: OwnTenant): number => {
  const [left, right] = [`${a.name}\n${a.id}`, `${b.name}\n${b.id}`];
  return left < right ? -1 : Number(left > right);
};
