import { machines as resource } from '../../contract/members.ts';
import { machines as description } from '../../use-cases/administration/machines.ts';
import { machineView } from './administration-views.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/principals`. */
export const machineRoutes = resourceRoutes({
  resource,
  description,
  view: (_, machine) => machineView(machine),
});
