import type { Head, Revision } from '../../domain/promotion/subject.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';

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
