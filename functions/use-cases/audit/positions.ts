import { CHANGES } from '../../domain/audit/change.ts';
import { FIRST_PLACE } from '../../domain/audit/checkpoint.ts';
import { isId } from '../../domain/ids.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';

/**
 * Where a scan over all chains of a tenant stands: `promotions <position>`, then `heads <environment> <position>` for each environment
 * by name, then the changes.
 */
export const PROMOTIONS = FIRST_PLACE;
export const HEADS = 'heads';

export const asked = (limit: number, after: string | undefined): PageRequest =>
  after === undefined || after === '' ? { limit } : { limit, after };

/** A position of such a scan in its words; refused (`invalid_request`) when it is none. */
export function wordsOf(position: string): readonly string[] | Refusal {
  const [part, environment = '', ...rest] = position.split(' ');
  const known = part === PROMOTIONS || part === CHANGES || (part === HEADS && isId(environment));
  return known && rest.length <= (part === HEADS ? 1 : 0) ? position.split(' ') : noPosition();
}

export const noPosition = (): Refusal =>
  refuse('invalid_request', 'cursor is not a cursor of this list: leave it out to begin again', {
    errors: [{ field: 'cursor', problem: 'is not a cursor of this list' }],
  });

/** Where the heads of the environment after this one begin, by name; after the last the changes. */
export async function firstHeads(deps: Pick<Deps, 'catalog'>, tenant: string, after = ''): Promise<string> {
  const names = (await deps.catalog.all(tenant, 'environment')).map(({ name }) => name).sort();
  const next = names.find((name) => name > after);
  return next === undefined ? CHANGES : `${HEADS} ${next}`;
}
