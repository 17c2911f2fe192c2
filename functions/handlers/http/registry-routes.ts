import { registries as resource } from '../../contract/registries.ts';
import { registry } from '../../domain/catalog/registry.ts';
import { registries as description } from '../../use-cases/catalog/registries.ts';
import { resourceRoutes } from './resource-routes.ts';

/** `/api/v1/registries`. */
export const registryRoutes = resourceRoutes({ resource, description, view: registry.show });
