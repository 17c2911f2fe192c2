import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { PromotionFilter } from '../../domain/promotion/filter.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';

/** Promotions of a tenant, newest first. Environments in the filter are names or aliases; refuses `unknown_environment`. */
export async function listPromotions(
  deps: Pick<Deps, 'promotions' | 'catalog'>,
  {
    tenant,
    filter,
    page,
  }: { readonly tenant: string; readonly filter: PromotionFilter; readonly page: PageRequest },
): Promise<Page<PromotionState> | Refusal> {
  const { source_environment, target_environment } = filter;
  if (source_environment === undefined && target_environment === undefined) {
    return await deps.promotions.list(tenant, filter, page);
  }
  const environments = await deps.catalog.all(tenant, 'environment');
  const named: { source_environment?: string; target_environment?: string } = {};
  for (const [field, name] of Object.entries({ source_environment, target_environment })) {
    if (name === undefined) continue;
    const environment = findEnvironment(environments, name);
    if (environment === undefined) {
      return refuse('unknown_environment', `there is no environment ${name}`, { field });
    }
    Object.assign(named, { [field]: environment.name });
  }
  return await deps.promotions.list(tenant, { ...filter, ...named }, page);
}
