import { type FreezeView, listFreezes as listEndpoint, freezes as resource } from '../../contract/freezes.ts';
import type { Freeze } from '../../domain/freeze/freeze.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { KeepingDeps } from '../../use-cases/catalog/description.ts';
import { freezes as description, listFreezes } from '../../use-cases/freezes/freezes.ts';
import { ok } from './reply.ts';
import { resourceRoutes } from './resource-routes.ts';
import { type Route, route } from './route.ts';

/** `/api/v1/environments/{scope}/freezes`. */
export const freezeRoutes: readonly Route<KeepingDeps>[] = [
  ...resourceRoutes({ resource, description, view }),
  route(listEndpoint, async ({ principal, param, query }, deps) => {
    const listed = await listFreezes(deps, { principal, scope: param('scope'), ...query });
    if (isRefusal(listed)) return listed;
    const { freezes, at, judged } = listed;
    return ok({
      items: freezes.map((freeze) => view(principal.tenant, freeze)),
      at,
      frozen: judged.frozen,
      reason: judged.reason ?? null,
      next_open: judged.next_open ?? null,
      next_close: judged.next_close ?? null,
    });
  }),
];

function view(tenant: string, freeze: Freeze): FreezeView {
  const { rrule, timezone } = freeze;
  const { id, environment, reason, starts_at, ends_at, mode, on_due } = freeze;
  const { created_by, created_at, updated_at, version } = freeze;
  return {
    ...{ id, organization_id: tenant, environment, reason, starts_at, ends_at },
    rrule: rrule ?? null,
    timezone: timezone ?? null,
    ...{ mode, on_due, created_by, created_at, updated_at, version },
  };
}
