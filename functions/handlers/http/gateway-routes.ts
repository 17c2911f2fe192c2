import { gateways as resource } from '../../contract/gateways.ts';
import { gateways as description } from '../../use-cases/catalog/gateways.ts';
import { gatewayView as view } from './catalog-views.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/gateways`. */
export const gatewayRoutes = resourceRoutes({ resource, description, view });
