import type { Registry } from '../domain/catalog/registry.ts';
import type { Repository } from './registry.ts';

/** The way to registries: their content, by their names in the catalog. */
export interface Registries {
  /** Seconds that one call of a function may spend on copying; the next call goes on. */
  readonly copySeconds: number;
  /** Opens no connection by itself; the credentials are read when the registry first asks for some. */
  repository(tenant: string, registry: Registry, path: string): Repository;
}
