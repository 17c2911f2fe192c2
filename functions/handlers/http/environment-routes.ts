import {
  createEnvironment as createEnvironmentEndpoint,
  deleteEnvironment as deleteEnvironmentEndpoint,
  getEnvironment,
  listEnvironments as listEnvironmentsEndpoint,
  lockEnvironment as lockEnvironmentEndpoint,
  lockTenant as lockTenantEndpoint,
  unlockEnvironment as unlockEnvironmentEndpoint,
  unlockTenant as unlockTenantEndpoint,
  updateEnvironment as updateEnvironmentEndpoint,
} from '../../contract/environments.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { CallLimits } from '../../use-cases/catalog/callable.ts';
import {
  createEnvironment,
  deleteEnvironment,
  listEnvironments,
  lockEnvironment,
  readEnvironment,
  unlockEnvironment,
  updateEnvironment,
} from '../../use-cases/catalog/environments.ts';
import { lockTenant, unlockTenant } from '../../use-cases/catalog/tenant-lock.ts';
import type { TableDeps } from '../wiring/table.ts';
import { environmentView } from './catalog-views.ts';
import { etag, ifMatch } from './etag.ts';
import { type Answer, created, noContent, ok } from './reply.ts';
import { type Route, route } from './route.ts';

const shown = (tenant: string, environment: Environment): Answer =>
  ok(environmentView(tenant, environment), etag(environment.version));

/** `/api/v1/environments`. */
export const environmentRoutes: readonly Route<TableDeps & CallLimits>[] = [
  route(createEnvironmentEndpoint, async ({ principal, body, keeping }, deps) => {
    const { name, ...fields } = body;
    const answerOf = (environment: Environment) =>
      created(
        environmentView(principal.tenant, environment),
        `/api/v1/environments/${environment.name}`,
        etag(environment.version),
      );
    const environment = await createEnvironment(deps, {
      principal,
      name,
      fields,
      limits: deps,
      ...keeping(answerOf),
    });
    return isRefusal(environment) ? environment : answerOf(environment);
  }),
  route(listEnvironmentsEndpoint, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const all = await listEnvironments(deps, { principal });
    if ('refused' in all) return all;
    // The pipeline is read as a whole, so a position in it is how many have been shown.
    const end = Number(asked.after ?? 0) + asked.limit;
    const items = all.slice(end - asked.limit, end);
    const next = end < all.length ? { next: String(end) } : {};
    return paged(deps, { items, ...next }, (environment) => environmentView(principal.tenant, environment));
  }),
  route(getEnvironment, async ({ principal, param }, deps) => {
    const environment = await readEnvironment(deps, { principal, name: param('environment') });
    return isRefusal(environment) ? environment : shown(principal.tenant, environment);
  }),
  route(updateEnvironmentEndpoint, async ({ principal, param, body, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const environment = await updateEnvironment(deps, {
      principal,
      name: param('environment'),
      change: body,
      limits: deps,
      ifMatch: match.versions,
    });
    return isRefusal(environment) ? environment : shown(principal.tenant, environment);
  }),
  route(deleteEnvironmentEndpoint, async ({ principal, param, headers }, deps) => {
    const match = ifMatch(headers);
    if ('refused' in match) return match;
    const environment = await deleteEnvironment(deps, {
      principal,
      name: param('environment'),
      ifMatch: match.versions,
    });
    return isRefusal(environment) ? environment : noContent;
  }),
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
  route(lockTenantEndpoint, async ({ principal, body }, deps) => {
    const lock = await lockTenant(deps, { principal, reason: body.reason });
    if (isRefusal(lock)) return lock;
    return ok({ environment: '*', organization_id: principal.tenant, lock });
  }),
  route(unlockTenantEndpoint, async ({ principal, body }, deps) => {
    const lifted = await unlockTenant(deps, { principal, ...body });
    if (isRefusal(lifted)) return lifted;
    return ok({ environment: '*', organization_id: principal.tenant, lock: null });
  }),
];
