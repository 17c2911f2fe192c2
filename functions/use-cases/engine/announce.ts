import type { CloudEvent } from '../../domain/notification/cloud-event.ts';
import { liveEvent, promotionEvent } from '../../domain/notification/promotion-event.ts';
import { VERBS, type Verb } from '../../domain/notification/verb.ts';
import type { StoredEvent } from '../../domain/promotion/events.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';

/**
 * What the bus hears of events: each under its own type, and a completion also as the CDEvent that it is. Saying them again says
 * them under the same ids. The last one speaks for all that are said together: it names their verbs, and every other says that one follows.
 */
export function announcements(state: PromotionState, events: readonly StoredEvent[]): readonly CloudEvent[] {
  const last = events.at(-1);
  const verbs = [...new Set(events.map(({ event }) => VERBS[event.type]))];
  return events.flatMap((stored) => {
    const own = withCustom(promotionEvent(state, stored), stored === last ? { verbs } : FOLLOWED);
    const live = liveEvent(state, stored);
    return live === undefined ? [own] : [own, withCustom(withId(live, `${own.id}-live`), FOLLOWED)];
  });
}

const FOLLOWED = { followed: true } as const;

function withCustom(
  event: CloudEvent,
  more: { readonly verbs: readonly Verb[] } | typeof FOLLOWED,
): CloudEvent {
  return { ...event, data: { ...event.data, customData: { ...event.data.customData, ...more } } };
}

/** On the bus two events tell of one completion, and no two events have one id. */
function withId(event: CloudEvent, id: string): CloudEvent {
  return { ...event, id, data: { ...event.data, context: { ...event.data.context, id } } };
}
