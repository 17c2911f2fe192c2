import { listens } from '../../domain/notification/filter.ts';
import type { Verb } from '../../domain/notification/verb.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import type { Queue } from '../../ports/queue.ts';
import type { Deps } from '../deps.ts';

export type NotifyDeps = Pick<Deps, 'catalog' | 'clock'> & { readonly queue: Queue<DeliveryRef> };

/** That something happened to a promotion, as the bus says. */
export type PromotionHint = {
  readonly tenant: string;
  readonly promotion_id: string;
  readonly environment: string;
  readonly verb: Verb;
};

/**
 * Asks for a look at a promotion on behalf of every channel that may want to hear of this event; answers how many. The look finds
 * what was not told yet, so asking twice tells once. Throws `Unavailable` and `Throttled`.
 */
export async function notify(deps: NotifyDeps, hint: PromotionHint): Promise<number> {
  const { tenant, promotion_id } = hint;
  const now = deps.clock.now();
  const channels = (await deps.catalog.all(tenant, 'channel')).filter((channel) =>
    listens(channel, hint, now),
  );
  if (channels.length > 0) {
    await deps.queue.send(channels.map(({ id }) => ({ tenant, channel_id: id, promotion_id })));
  }
  return channels.length;
}
