import { findEnvironment } from '../../domain/promotion/pipeline.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { PromotionFilter } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';

/** Promotions of a tenant, newest first. The environment filter is a name or an alias; an unknown one is refused. */
export async function listPromotions(
  deps: Pick<Deps, 'promotions' | 'catalog'>,
  {
    tenant,
    filter,
    page,
  }: { readonly tenant: string; readonly filter: PromotionFilter; readonly page: PageRequest },
): Promise<Page<PromotionState> | Refusal> {
  const { target_environment: named } = filter;
  if (named === undefined) return await deps.promotions.list(tenant, filter, page);
  const environment = findEnvironment(await deps.catalog.all(tenant, 'environment'), named);
  if (environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${named}`, { field: 'target_environment' });
  }
  return await deps.promotions.list(tenant, { ...filter, target_environment: environment.name }, page);
}
