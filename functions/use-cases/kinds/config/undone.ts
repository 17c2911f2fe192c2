import type { ConfigAsked, InStatus } from '../../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import { revisionsSince, type Since } from '../../config/revisions-since.ts';
import type { Deps } from '../../deps.ts';
import type { Undone } from '../kind.ts';

type Completed = InStatus<'completed'>;

/** Promotions that one rollback takes back: a commit holds 100 items, two for each beside its own ten. */
export const MOST_UNDONE = 40;
const AT_ONCE = 20;

/**
 * What a rollback takes back: the promotion it names, and for a restore all that came after it in that environment. Refuses
 * `nothing_to_promote` when that promotion is further back than anybody looks, and `invalid_transition` when it is more than one commit
 * can take back.
 */
export async function undoneBy(
  deps: Pick<Deps, 'heads' | 'promotions'>,
  tenant: string,
  { rollback }: ConfigAsked,
  environment: string,
): Promise<Undone | Refusal | undefined> {
  if (rollback === undefined) return undefined;
  const { promotion_id, mode } = rollback;
  if (mode === 'revert') {
    const promotions = await completedOf(deps, tenant, [promotion_id]);
    return isRefusal(promotions) ? promotions : { promotions, edits: 0 };
  }
  const since = await revisionsSince(deps, tenant, environment, promotion_id);
  if (since === undefined) return notKept();
  const promotions = await completedOf(deps, tenant, [promotion_id, ...executed(since, promotion_id)]);
  if (isRefusal(promotions)) return promotions;
  return { promotions, edits: since.later.filter(({ cause }) => cause.by !== 'execute').length };
}

export function notKept(): Refusal {
  return refuse('nothing_to_promote', 'what was before it is no longer kept', { reason: 'not_kept' });
}

/** The promotions executed after one, oldest first, each once. */
function executed({ later }: Since, promotion: string): readonly string[] {
  const ids = later.flatMap(({ cause }) => (cause.by === 'execute' ? [cause.promotion_id] : []));
  return [...new Set(ids)].filter((id) => id !== promotion).reverse();
}

/** Those of them that still stand: what was taken back before is not taken back again. */
async function completedOf(
  deps: Pick<Deps, 'promotions'>,
  tenant: string,
  ids: readonly string[],
): Promise<readonly Completed[] | Refusal> {
  const found: Completed[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = await Promise.all(ids.slice(at, at + AT_ONCE).map((id) => deps.promotions.read(tenant, id)));
    for (const stored of some) if (stored?.state.status === 'completed') found.push(stored.state);
    if (found.length > MOST_UNDONE) {
      return refuse(
        'invalid_transition',
        `it would take back more than ${MOST_UNDONE} promotions at once: roll back a later one first`,
        { reason: 'too_many_undone', most: MOST_UNDONE },
      );
    }
  }
  return found;
}
