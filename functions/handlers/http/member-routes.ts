import { members as resource } from '../../contract/members.ts';
import { members as description } from '../../use-cases/administration/members.ts';
import { memberView } from './administration-views.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/members`. */
export const memberRoutes = resourceRoutes({
  resource,
  description,
  view: (_, member) => memberView(member),
});
