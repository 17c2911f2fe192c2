import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { unknown } from '../engine/act.ts';

/** A page of what happened to a promotion, oldest first: its hash chain. A position is the number of an event. */
export async function readTimeline(
  deps: Pick<Deps, 'promotions'>,
  { tenant, id }: PromotionRef,
  { limit, after = '0' }: PageRequest,
): Promise<Page<StoredEvent> | Refusal> {
  const events = await deps.promotions.events(tenant, id, Number(after), limit + 1);
  if (events.length === 0) return unknown(id);
  const items = events.slice(0, limit);
  const last = items.at(-1);
  return events.length > limit && last !== undefined ? { items, next: String(last.seq) } : { items };
}
