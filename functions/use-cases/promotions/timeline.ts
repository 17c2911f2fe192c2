import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { unknown } from '../engine/act.ts';

/** What happened to a promotion, oldest first: its hash chain. */
export async function readTimeline(
  deps: Pick<Deps, 'promotions'>,
  { tenant, id }: PromotionRef,
): Promise<readonly StoredEvent[] | Refusal> {
  const events = await deps.promotions.events(tenant, id);
  return events.length === 0 ? unknown(id) : events;
}
