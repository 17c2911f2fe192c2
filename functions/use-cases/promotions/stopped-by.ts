import { isClosed } from '../../domain/promotion/lifetime.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { type Stop, stopsOf } from '../../domain/promotion/stops.ts';
import type { Deps } from '../deps.ts';
import { lockOf } from '../engine/facts.ts';
import { freezeOf } from '../freezes/judge.ts';

/** The lock and the freeze that keep an open promotion from executing now; nothing stops what runs already or is closed. */
export async function stoppedBy(
  deps: Pick<Deps, 'catalog' | 'clock'>,
  state: PromotionState,
): Promise<readonly Stop[]> {
  if (isClosed(state) || state.status === 'executing') return [];
  const { tenant, target_environment } = state;
  const [target, freezes] = await Promise.all([
    deps.catalog.item(tenant, 'environment', target_environment),
    deps.catalog.concerning(tenant, 'freeze', [target_environment]),
  ]);
  if (target === undefined) return [];
  const freeze = freezeOf(freezes, target, deps.clock.now());
  return stopsOf(state, { ...lockOf(target), ...(freeze === undefined ? {} : { freeze }) });
}
