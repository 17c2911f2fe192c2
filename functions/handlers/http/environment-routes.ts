import {
  lockEnvironment as lockEnvironmentEndpoint,
  lockTenant as lockTenantEndpoint,
  environments as resource,
  unlockEnvironment as unlockEnvironmentEndpoint,
  unlockTenant as unlockTenantEndpoint,
} from '../../contract/environments.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { KeepingDeps } from '../../use-cases/catalog/description.ts';
import { lockEnvironment, unlockEnvironment } from '../../use-cases/catalog/environment-lock.ts';
import { environments as description } from '../../use-cases/catalog/environments.ts';
import { lockTenant, unlockTenant } from '../../use-cases/catalog/tenant-lock.ts';
import { environmentView as view } from './catalog-views.ts';
import { etag } from './etag.ts';
import { type Answer, ok } from './reply.ts';
import { resourceRoutes } from './resource-routes.ts';
import { type Route, route } from './route.ts';

const shown = (tenant: string, environment: Environment): Answer =>
  ok(view(tenant, environment), etag(environment.version));

/** `/api/v1/environments`. */
export const environmentRoutes: readonly Route<KeepingDeps>[] = [
  ...resourceRoutes({ resource, description, view }),
  route(lockEnvironmentEndpoint, async ({ principal, param, body }, deps) => {
    const environment = await lockEnvironment(deps, {
      principal,
      name: param('environment'),
      reason: body.reason,
    });
    return isRefusal(environment) ? environment : shown(principal.tenant, environment);
  }),
  route(unlockEnvironmentEndpoint, async ({ principal, param, body }, deps) => {
    const environment = await unlockEnvironment(deps, { principal, name: param('environment'), ...body });
    return isRefusal(environment) ? environment : shown(principal.tenant, environment);
  }),
  route(lockTenantEndpoint, async ({ principal, body, dry_run }, deps) => {
    const lock = await lockTenant(deps, { principal, reason: body.reason, dry_run });
    if (isRefusal(lock)) return lock;
    return ok({ environment: '*', organization_id: principal.tenant, lock });
  }),
  route(unlockTenantEndpoint, async ({ principal, body, dry_run }, deps) => {
    const lifted = await unlockTenant(deps, { principal, ...body, dry_run });
    if (isRefusal(lifted)) return lifted;
    return ok({ environment: '*', organization_id: principal.tenant, lock: null });
  }),
];
