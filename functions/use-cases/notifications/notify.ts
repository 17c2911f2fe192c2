import { listens } from '../../domain/notification/filter.ts';
import type { Verb } from '../../domain/notification/verb.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import type { OrderedQueue } from '../../ports/queue.ts';
import type { Deps } from '../deps.ts';

export type NotifyDeps = Pick<Deps, 'catalog' | 'clock'> & { readonly queue: OrderedQueue<DeliveryRef> };

/** That something happened to a promotion, as the bus says. `event_id`: the same when the bus says it again. */
export type PromotionHint = {
  readonly event_id: string;
  readonly tenant: string;
  readonly promotion_id: string;
  readonly environment: string;
  readonly verb: Verb;
};

/**
 * Asks for a look at a promotion on behalf of every channel that may want to hear of this event; answers how many. The look finds
 * what was not told yet, so asking twice tells once. Looks at one promotion for one channel happen one after another, in no way
 * held up by other promotions or channels. Throws `Unavailable` and `Throttled`.
 */
export async function notify(deps: NotifyDeps, hint: PromotionHint): Promise<number> {
  const { tenant, promotion_id, event_id: id } = hint;
  const now = deps.clock.now();
  const channels = (await deps.catalog.all(tenant, 'channel')).filter((channel) =>
    listens(channel, hint, now),
  );
  if (channels.length > 0) {
    const refs = channels.map((channel) => ({ tenant, channel_id: channel.id, promotion_id }));
    await deps.queue.send(refs.map((message) => ({ message, group: groupOf(message), id })));
  }
  return channels.length;
}

/** No id holds a `#`. */
const groupOf = ({ tenant, channel_id, promotion_id }: DeliveryRef): string =>
  [tenant, channel_id, promotion_id].join('#');
