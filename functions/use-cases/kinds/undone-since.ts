import type { InStatus } from '../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Revision, Slot } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import type { Undone } from './kind.ts';

/** Promotions that one rollback takes back: a commit holds 100 items, two for each beside its own ten. */
const MOST_UNDONE = 40;

/** What going back to a revision takes back: every promotion that made the slot's later ones. */
export async function undoneSince(
  deps: Pick<Deps, 'heads' | 'promotions'>,
  tenant: string,
  slot: Slot,
  { revision: kept }: { readonly revision: number },
): Promise<Undone | Refusal> {
  const later: Revision[] = [];
  for await (const revision of everyItem((page) => deps.heads.revisions(tenant, slot, page))) {
    if (revision.number <= kept) break;
    later.push(revision);
  }
  const ids = new Set(later.flatMap(({ cause }) => (cause.by === 'execute' ? [cause.promotion_id] : [])));
  if (ids.size > MOST_UNDONE) {
    return refuse(
      'invalid_transition',
      `it would take back more than ${MOST_UNDONE} promotions at once: go back to a later version first`,
      { reason: 'too_many_undone', most: MOST_UNDONE },
    );
  }
  const promotions: InStatus<'completed'>[] = [];
  for (const id of [...ids].reverse()) {
    const stored = await deps.promotions.read(tenant, id);
    if (stored?.state.status === 'completed') promotions.push(stored.state);
  }
  return { promotions, edits: later.length - ids.size };
}
