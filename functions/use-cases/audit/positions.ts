import { CHANGES } from '../../domain/audit/change.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';

/**
 * Where a walk over all chains of a tenant stands: `promotions <position>`, then `heads <environment> <position>` for each environment
 * by name, then the changes.
 */
export const PROMOTIONS = 'promotions';
export const HEADS = 'heads';

export const asked = (limit: number, after: string | undefined): PageRequest =>
  after === undefined || after === '' ? { limit } : { limit, after };

/** Where the heads of the environment after this one begin, by name; after the last the changes. */
export async function firstHeads(deps: Pick<Deps, 'catalog'>, tenant: string, after = ''): Promise<string> {
  const names = (await deps.catalog.all(tenant, 'environment')).map(({ name }) => name).sort();
  const next = names.find((name) => name > after);
  return next === undefined ? CHANGES : `${HEADS} ${next}`;
}
