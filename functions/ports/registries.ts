import type { Registry } from '../domain/catalog/registry.ts';
import type { Repository } from './registry.ts';
import type { Signatures } from './signatures.ts';

/** The way to registries: their content by their names in the catalog, and what verifies the signatures that lie beside it. */
export interface Registries {
  /** Seconds that one call of a function may spend on copying; the next call goes on. */
  readonly copySeconds: number;
  /** Opens no connection by itself; the credentials are read when the registry first asks for some. */
  repository(tenant: string, registry: Registry, path: string): Repository;
  readonly signatures: Signatures;
  /** The text of a trusted root that a tenant keeps as a secret of its registries; `undefined` when there is none that can be used. */
  trustedRoot(tenant: string, ref: string): Promise<string | undefined>;
}
