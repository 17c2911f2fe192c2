import { getMe, type MeView } from '../../contract/me.ts';
import { type Me, readMe } from '../../use-cases/access/me.ts';
import type { Deps } from '../../use-cases/deps.ts';
import { ok } from './reply.ts';
import { type Route, route } from './route.ts';

/** `/api/v1/me`. */
export const meRoutes: readonly Route<Pick<Deps, 'directory'>>[] = [
  route(getMe, async ({ principal }, deps) => ok(meView(await readMe(deps, { principal })))),
];

function meView({ principal, user_id, tenants }: Me): MeView {
  const { subject, kind, email, tenant, grants, groups, owner = null } = principal;
  return {
    subject,
    kind,
    email,
    user_id,
    organization_id: tenant,
    roles: grants.map(({ role, environment }) =>
      environment === undefined ? { role } : { role, environment },
    ),
    groups: [...groups],
    owner,
    tenants: tenants.map((each) => ({ ...each })),
  };
}
