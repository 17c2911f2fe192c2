import { listAvailableUpdates, consumers as resource } from '../../contract/consumers.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { availableUpdates, type UpdatesDeps } from '../../use-cases/artifacts/available-updates.ts';
import { consumers as description } from '../../use-cases/catalog/consumers.ts';
import { consumerView as view } from './artifact-views.ts';
import { ok } from './reply.ts';
import { resourceRoutes } from './resource-routes.ts';
import { type Route, route } from './route.ts';

/** `/api/v1/consumers`. */
export const consumerRoutes: readonly Route<UpdatesDeps>[] = [
  ...resourceRoutes({ resource, description, view }),
  route(listAvailableUpdates, async ({ principal, param }, deps) => {
    const found = await availableUpdates(deps, { principal, id: param('id') });
    if (isRefusal(found)) return found;
    const { consumer, pin, takes, active, updates } = found;
    return ok({
      consumer: view(principal.tenant, consumer),
      status: pin.status,
      reason: 'reason' in pin ? pin.reason : null,
      takes,
      active,
      updates: [...updates],
    });
  }),
];
