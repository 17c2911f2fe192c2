import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { unknown } from '../engine/act.ts';

/** Reads one promotion. */
export async function readPromotion(
  deps: Pick<Deps, 'promotions'>,
  { tenant, id }: PromotionRef,
): Promise<PromotionState | Refusal> {
  const stored = await deps.promotions.read(tenant, id);
  return stored === undefined ? unknown(id) : stored.state;
}
