import { listFreezes as listEndpoint, freezes as resource } from '../../contract/freezes.ts';
import { freeze } from '../../domain/freeze/freeze.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { KeepingDeps } from '../../use-cases/catalog/description.ts';
import { freezes as description, listFreezes } from '../../use-cases/freezes/freezes.ts';
import { ok } from './reply.ts';
import { resourceRoutes } from './resource-routes.ts';
import { type Route, route } from './route.ts';

/** `/api/v1/environments/{scope}/freezes`. */
export const freezeRoutes: readonly Route<KeepingDeps>[] = [
  ...resourceRoutes({ resource, description, view: freeze.show }),
  route(listEndpoint, async ({ principal, param, query }, deps) => {
    const listed = await listFreezes(deps, { principal, scope: param('scope'), ...query });
    if (isRefusal(listed)) return listed;
    const { freezes, at, judged } = listed;
    return ok({
      items: freezes.map((one) => freeze.show(principal.tenant, one)),
      at,
      frozen: judged.frozen,
      reason: judged.reason ?? null,
      next_open: judged.next_open ?? null,
      next_close: judged.next_close ?? null,
    });
  }),
];
