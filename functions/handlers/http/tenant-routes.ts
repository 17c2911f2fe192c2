import * as z from 'zod/mini';
import { EMPTY, type Endpoint } from '../../contract/endpoint.ts';
import {
  createTenant as createTenantEndpoint,
  getTenant,
  listTenants as listTenantsEndpoint,
  patchTenant,
  tenantNoun,
  updateTenant as updateTenantEndpoint,
} from '../../contract/tenants.ts';
import { isRefusal } from '../../domain/refusal.ts';
import {
  createTenant,
  listTenants,
  readTenant,
  updateTenant,
} from '../../use-cases/administration/tenants.ts';
import type { TableDeps } from '../wiring/table.ts';
import { tenantView } from './administration-views.ts';
import { etag, ifMatch } from './etag.ts';
import { patched, replaced, splitReason } from './replacement.ts';
import { created, ok } from './reply.ts';
import { bound } from './resource-routes.ts';
import { type Route, route } from './route.ts';

/** `/api/v1/tenants`. */
export const tenantRoutes: readonly Route<TableDeps>[] = [
  route(createTenantEndpoint, async ({ principal, body }, deps) => {
    const { subject, user_id = subject, email } = body.admin;
    const tenant = await createTenant(deps, {
      principal,
      id: body.id,
      name: body.name,
      admin: { subject, user_id, email },
    });
    if (isRefusal(tenant)) return tenant;
    return created(tenantView(tenant), `/api/v1/tenants/${tenant.id}`, etag(tenant.version));
  }),
  route(listTenantsEndpoint, async ({ principal, page, paged }, deps) => {
    const asked = await page(deps);
    if ('refused' in asked) return asked;
    const tenants = await listTenants(deps, { principal, page: asked });
    return isRefusal(tenants) ? tenants : paged(deps, tenants, tenantView);
  }),
  route(getTenant, async ({ principal, param }, deps) => {
    const tenant = await readTenant(deps, { principal, id: param('id') });
    return isRefusal(tenant) ? tenant : ok(tenantView(tenant), etag(tenant.version));
  }),
  changing(updateTenantEndpoint, replaced),
  changing(patchTenant, patched),
];

/** A change is parsed against the tenant as it stands, once it is sure that the caller may change it. */
function changing(endpoint: Endpoint, becomes: typeof replaced<{ readonly name: string }>): Route<TableDeps> {
  return bound(
    endpoint,
    z.unknown(),
    EMPTY,
    async ({ principal, parameters, body, headers }, deps: TableDeps) => {
      const match = ifMatch(headers);
      if ('refused' in match) return match;
      const said = splitReason(tenantNoun, body);
      if ('refused' in said) return said;
      const tenant = await updateTenant(deps, {
        principal,
        id: parameters['id'] ?? '',
        fieldsOf: (stored) => becomes(tenantNoun, said.members, tenantView(stored)),
        ifMatch: match.versions,
        ...said.why,
      });
      return isRefusal(tenant) ? tenant : ok(tenantView(tenant), etag(tenant.version));
    },
  );
}
