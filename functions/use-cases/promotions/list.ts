import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { whereMay } from '../../domain/identity/roles.ts';
import type { PromotionFilter } from '../../domain/promotion/filter.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';

/** Promotions of a tenant that a principal may read, newest first. Environments in the filter are names or aliases; refuses `unknown_environment`. */
export async function listPromotions(
  deps: Pick<Deps, 'promotions' | 'catalog'>,
  {
    principal,
    filter,
    page,
  }: { readonly principal: Principal; readonly filter: PromotionFilter; readonly page: PageRequest },
): Promise<Page<PromotionState> | Refusal> {
  const named = await namedFilter(deps, principal.tenant, { ...readableBy(principal), ...filter });
  return isRefusal(named) ? named : await deps.promotions.list(principal.tenant, named, page);
}

/** Leaves out the promotions whose target a principal may not read. */
export function readableBy(principal: Principal): Pick<PromotionFilter, 'target_environments'> {
  const readable = whereMay(principal, 'read');
  return readable === 'all' ? {} : { target_environments: readable };
}

/** A filter whose environments are named as they are kept. Refuses `unknown_environment`. */
export async function namedFilter(
  deps: Pick<Deps, 'catalog'>,
  tenant: string,
  filter: PromotionFilter,
): Promise<PromotionFilter | Refusal> {
  const { source_environment, target_environment } = filter;
  if (source_environment === undefined && target_environment === undefined) return filter;
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
  return { ...filter, ...named };
}
