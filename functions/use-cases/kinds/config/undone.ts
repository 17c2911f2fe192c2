import type { ConfigAsked } from '../../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import { revisionsSince } from '../../config/revisions-since.ts';
import { slotIn } from '../../config/slot.ts';
import type { Deps } from '../../deps.ts';
import type { Undone } from '../kind.ts';
import { completedOf, undoneSince } from '../undone-since.ts';

/**
 * What a rollback takes back: the promotion it names, and for a restore all that came after the revision. Refuses `nothing_to_promote` when
 * that is further back than anybody looks, and `invalid_transition` when it is more than one commit can take back.
 */
export async function undoneBy(
  deps: Pick<Deps, 'heads' | 'promotions'>,
  tenant: string,
  { rollback }: ConfigAsked,
  environment: string,
): Promise<Undone | Refusal | undefined> {
  if (rollback === undefined) return undefined;
  const { promotion_id, mode, revision } = rollback;
  if (mode === 'revert') {
    const promotions = await completedOf(deps, tenant, promotion_id === undefined ? [] : [promotion_id]);
    return isRefusal(promotions) ? promotions : { promotions, edits: 0 };
  }
  if (revision !== undefined) return await undoneSince(deps, tenant, slotIn(environment), { revision });
  // Rollbacks of old name no revision.
  const since = await revisionsSince(deps, tenant, environment, promotion_id ?? '');
  if (since === undefined) return notKept();
  return await undoneSince(deps, tenant, slotIn(environment), { revision: since.revision.number - 1 });
}

export function notKept(): Refusal {
  return refuse('nothing_to_promote', 'what was before it is no longer kept', { reason: 'not_kept' });
}
