import type { KindDeps, NewRequest } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';

/**
 * Begins to read what a request for a promotion will be judged on, as far as its own words say where that lies: a target that goes by an
 * alias is found later. At most five items and the environments, whoever asks.
 */
export function readRequestAhead(deps: KindDeps, tenant: string, request: NewRequest): void {
  const kind = kindOf(request);
  const slot = kind.slot({ request, target_environment: request.target_environment });
  void deps.catalog.all(tenant, 'environment');
  void deps.heads.find(tenant, slot);
  kind.readAhead?.(deps, tenant, request);
}

/** The same for a rollback of a promotion. */
export function readRollbackAhead(
  { catalog, promotions }: Pick<KindDeps, 'catalog' | 'promotions'>,
  tenant: string,
  id: string,
): void {
  void catalog.all(tenant, 'environment');
  void promotions.read(tenant, id);
}
