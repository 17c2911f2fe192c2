import { gateways as resource } from '../../contract/gateways.ts';
import { gateway } from '../../domain/catalog/gateway.ts';
import { gateways as description } from '../../use-cases/catalog/gateways.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/gateways`. */
export const gatewayRoutes = resourceRoutes({ resource, description, view: gateway.show });
