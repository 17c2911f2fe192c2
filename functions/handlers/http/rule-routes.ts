import { rules as resource } from '../../contract/rules.ts';
import { rule } from '../../domain/catalog/rule.ts';
import { rules as description } from '../../use-cases/catalog/rules.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/promotions/rules`. */
export const ruleRoutes = resourceRoutes({
  resource,
  description,
  view: (tenant, one) => rule.show(tenant, one, { conditions: one.conditions }),
});
