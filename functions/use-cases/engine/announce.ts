import type { CloudEvent } from '../../domain/notification/cloud-event.ts';
import { liveEvent, promotionEvent } from '../../domain/notification/promotion-event.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';

/**
 * What the bus hears of events: each under its own type, and a completion also as the CDEvent that it is. Saying them again says
 * them under the same ids.
 */
export function announcements(state: PromotionState, events: readonly StoredEvent[]): readonly CloudEvent[] {
  return events.flatMap((stored) => {
    const own = promotionEvent(state, stored);
    const live = liveEvent(state, stored);
    return live === undefined ? [own] : [own, withId(live, `${own.id}-live`)];
  });
}

/** On the bus two events tell of one completion, and no two events have one id. */
function withId(event: CloudEvent, id: string): CloudEvent {
  return { ...event, id, data: { ...event.data, context: { ...event.data.context, id } } };
}
