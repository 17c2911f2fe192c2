import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import type { Action } from '../../domain/identity/roles.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { authorize } from './authorize.ts';

/**
 * Whether somebody may do something in an environment given by name or alias. Whoever may read nothing learns nothing of the
 * pipeline: the role is asked before the name is looked up. Refuses `not_authorized`, `unknown_environment`.
 */
export async function authorizeIn(
  deps: Pick<Deps, 'catalog' | 'denials' | 'clock'>,
  principal: Principal,
  action: Action,
  nameOrAlias: string,
): Promise<Refusal | undefined> {
  const found = await authorizedIn(deps, principal, action, nameOrAlias);
  return isRefusal(found) ? found : undefined;
}

/** The environment in which somebody may do something; refuses as `authorizeIn` does. */
export async function authorizedIn(
  deps: Pick<Deps, 'catalog' | 'denials' | 'clock'>,
  principal: Principal,
  action: Action,
  nameOrAlias: string,
): Promise<Environment | Refusal> {
  const unread = await authorize(deps, principal, 'read');
  if (unread !== undefined) return unread;
  const environment = findEnvironment(await deps.catalog.all(principal.tenant, 'environment'), nameOrAlias);
  if (environment !== undefined)
    return (await authorize(deps, principal, action, environment.name)) ?? environment;
  return refuse('unknown_environment', `there is no environment ${nameOrAlias}`, { name: nameOrAlias });
}
