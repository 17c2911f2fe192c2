import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Grant, Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';

/**
 * The grants a caller may give: environments by name, each grant once. The role operator reaches over tenants, so that only an
 * operator may give it, or leave it, to somebody who did not have it. Refuses `unknown_environment`, `not_authorized`.
 */
export async function checkedGrants(
  deps: Pick<Deps, 'catalog'>,
  principal: Principal,
  wanted: readonly Grant[],
  before: readonly Grant[] = [],
): Promise<readonly Grant[] | Refusal> {
  const isNew = !before.some(({ role }) => role === 'operator');
  if (isNew && wanted.some(({ role }) => role === 'operator') && !may(principal, 'manage_tenants')) {
    return refuse('not_authorized', 'only an operator makes operators', { required: ['operator'] });
  }
  const environments = wanted.some(({ environment }) => environment !== undefined)
    ? await deps.catalog.all(principal.tenant, 'environment')
    : [];
  const grants = new Map<string, Grant>();
  for (const { role, environment } of wanted) {
    const named = environment === undefined ? undefined : findEnvironment(environments, environment)?.name;
    const held = before.some((grant) => grant.role === role && grant.environment === environment);
    // Whoever was given a role where there is nothing any more may keep it: it opens nothing.
    if (environment !== undefined && named === undefined && held) {
      grants.set(`${role} ${environment}`, { role, environment });
      continue;
    }
    if (environment !== undefined && named === undefined) {
      return refuse('unknown_environment', `there is no environment ${environment}`, { field: 'roles' });
    }
    grants.set(`${role} ${named ?? ''}`, named === undefined ? { role } : { role, environment: named });
  }
  return [...grants.values()];
}
