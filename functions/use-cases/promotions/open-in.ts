import { OPEN_STATUSES } from '../../domain/promotion/lifetime.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

/** Promotions that an answer names. */
const NAMED = 20;

/** The ids of promotions that are still open from or to an environment, newest first; at most `NAMED`. */
export async function openIn(
  deps: Pick<Deps, 'promotions'>,
  tenant: string,
  environment: string,
): Promise<readonly string[]> {
  const filter = { statuses: OPEN_STATUSES, environment };
  const found: string[] = [];
  for await (const { id } of everyItem((page) => deps.promotions.list(tenant, filter, page))) {
    found.push(id);
    if (found.length === NAMED) break;
  }
  return found;
}
