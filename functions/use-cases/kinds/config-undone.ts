import type { ConfigAsked } from '../../domain/promotion/state.ts';
import { slotIn } from '../config/tree.ts';
import type { Deps } from '../deps.ts';

/** Revisions looked through for promotions that a restore takes back with the one it is about. */
const MOST = 100;
/** Promotions that one rollback takes back: a commit holds 100 items, two for each beside its own. */
const MOST_UNDONE = 20;

/** The promotions that a rollback takes back: the one it names, and for a restore all that came after it in that environment. */
export async function undoneBy(
  deps: Pick<Deps, 'heads'>,
  tenant: string,
  { rollback }: ConfigAsked,
  environment: string,
): Promise<readonly string[]> {
  if (rollback === undefined) return [];
  const { promotion_id, mode } = rollback;
  if (mode === 'revert') return [promotion_id];
  const { items } = await deps.heads.revisions(tenant, slotIn(environment), { limit: MOST });
  const executed = items.flatMap(({ cause }) => (cause.by === 'execute' ? [cause.promotion_id] : []));
  const at = executed.indexOf(promotion_id);
  const later = at === -1 ? [] : executed.slice(0, at);
  return [promotion_id, ...later.filter((id) => id !== promotion_id)].slice(0, MOST_UNDONE);
}
