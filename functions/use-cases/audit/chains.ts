import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Head, Revision } from '../../domain/promotion/subject.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

/** Every promotion of a tenant, newest first. */
export function everyPromotion(
  deps: Pick<Deps, 'promotions'>,
  tenant: string,
): AsyncGenerator<PromotionState> {
  return everyItem((page) => deps.promotions.list(tenant, {}, page));
}

/** Every head of a tenant that ever pointed anywhere. An environment in which one points somewhere cannot be deleted. */
export async function* everyHead(
  deps: Pick<Deps, 'catalog' | 'heads'>,
  tenant: string,
): AsyncGenerator<Head> {
  for (const { name } of await deps.catalog.environments(tenant)) {
    for await (const head of everyItem((page) => deps.heads.inEnvironment(tenant, name, page))) {
      if (head.revision > 0) yield head;
    }
  }
}

/** The revisions of a slot, oldest first. */
export async function revisionsOf(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  { slot }: Pick<Head, 'slot'>,
): Promise<readonly Revision[]> {
  const newestFirst: Revision[] = [];
  for await (const revision of everyItem((page) => deps.heads.revisions(tenant, slot, page))) {
    newestFirst.push(revision);
  }
  return newestFirst.toReversed();
}
