import { rules as resource } from '../../contract/rules.ts';
import { rules as description } from '../../use-cases/catalog/rules.ts';
import { ruleView as view } from './catalog-views.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/promotions/rules`. */
export const ruleRoutes = resourceRoutes({ resource, description, view });
