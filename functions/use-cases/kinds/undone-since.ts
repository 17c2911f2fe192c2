import type { InStatus } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Revision, Slot } from '../../domain/subject.ts';
import type { Deps } from '../deps.ts';
import { everyItem } from '../every-item.ts';
import type { Undone } from './kind.ts';

/** Promotions that one rollback takes back: a commit holds 100 items, two for each beside its own ten. */
const MOST_UNDONE = 40;
const AT_ONCE = 20;

/**
 * What going back to a revision takes back: every promotion that made the slot's later ones, oldest first. Refuses `invalid_transition`
 * when it is more than one commit can take back.
 */
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
  const promotions = await completedOf(deps, tenant, [...ids].reverse());
  if (isRefusal(promotions)) return promotions;
  return { promotions, edits: later.filter(({ cause }) => cause.by !== 'execute').length };
}

/** Those of some promotions that still stand: what was taken back before is not taken back again. */
export async function completedOf(
  deps: Pick<Deps, 'promotions'>,
  tenant: string,
  ids: readonly string[],
): Promise<readonly InStatus<'completed'>[] | Refusal> {
  const found: InStatus<'completed'>[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => deps.promotions.read(tenant, id)));
    for (const stored of some) if (stored?.state.status === 'completed') found.push(stored.state);
    if (found.length > MOST_UNDONE) {
      return refuse(
        'invalid_transition',
        `it would take back more than ${MOST_UNDONE} promotions at once: go back to a later revision first`,
        { reason: 'too_many_undone', most: MOST_UNDONE },
      );
    }
  }
  return found;
}
