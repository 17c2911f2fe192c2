import type { Revision } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { slotIn } from './slot.ts';

/** Revisions that are looked through for the one that a promotion made. */
export const MOST_REVISIONS = 2_000;
const PAGE = 100;

/** A promotion's revision, and those made after it, newest first. */
export type Since = { readonly revision: Revision; readonly later: readonly Revision[] };

/** Where a promotion stands in its environment's history; `undefined` when that is further back than anybody looks. */
export async function revisionsSince(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  environment: string,
  promotion: string,
): Promise<Since | undefined> {
  const later: Revision[] = [];
  let after: string | undefined;
  for (let page = 0; page < MOST_REVISIONS / PAGE; page += 1) {
    const { items, next } = await deps.heads.revisions(tenant, slotIn(environment), {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const revision of items) {
      const { cause } = revision;
      if (cause.by === 'execute' && cause.promotion_id === promotion) return { revision, later };
      later.push(revision);
    }
    if (next === undefined) return undefined;
    after = next;
  }
  return undefined;
}
