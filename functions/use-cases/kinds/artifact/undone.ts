import type { ArtifactAsked, InStatus } from '../../../domain/promotion/state.ts';
import type { Revision } from '../../../domain/promotion/subject.ts';
import { type Refusal, refuse } from '../../../domain/refusal.ts';
import type { Deps } from '../../deps.ts';
import { everyItem } from '../../every-item.ts';
import type { Undone } from '../kind.ts';
import { slotOf } from './slot.ts';

/** Promotions that one rollback takes back: a commit holds 100 items, two for each beside its own ten. */
const MOST_UNDONE = 40;

/** What a rollback takes back: every promotion that made an environment's revisions after the one that is gone back to. */
export async function undoneBy(
  deps: Pick<Deps, 'heads' | 'promotions'>,
  tenant: string,
  request: ArtifactAsked,
  environment: string,
): Promise<Undone | Refusal | undefined> {
  const { rollback } = request;
  if (rollback === undefined) return undefined;
  const later: Revision[] = [];
  const slot = slotOf(request, environment);
  for await (const revision of everyItem((page) => deps.heads.revisions(tenant, slot, page))) {
    if (revision.number <= rollback.revision) break;
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
