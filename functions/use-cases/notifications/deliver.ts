import type { Channel } from '../../domain/notification/channel.ts';
import { hears } from '../../domain/notification/filter.ts';
import { type Notice, noticesOf } from '../../domain/notification/notice.ts';
import { replay } from '../../domain/promotion/history.ts';
import { unreachable } from '../../domain/unreachable.ts';
import type { Delivery, DeliveryRef } from '../../ports/deliveries.ts';
import type { Sent } from '../../ports/sender.ts';
import type { NotificationStores } from '../../ports/stores.ts';
import type { Deps } from '../deps.ts';
import { disable } from './disable.ts';
import { type Senders, send } from './senders.ts';

export type DeliverDeps = Pick<Deps, 'catalog' | 'changes' | 'promotions' | 'transactions' | 'clock'> &
  Pick<NotificationStores, 'deliveries'> & {
    readonly senders: Senders;
  };

/** What a check of a promotion came to. `retry`: something is left to tell, not now. */
export type Looked =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'retry'; readonly reason: string; readonly after_seconds?: number };

const DONE: Looked = { outcome: 'done' };

/**
 * Tells a channel what it has not heard of a promotion, event by event in the chain's order; the cursor follows each success, so
 * what fails holds back what came after it and nothing else. A crash between the two tells that event again under the same id. Two
 * deliverers at once may tell one event twice, but the later never before the earlier.
 * Throws faults; `last` says that nobody tries this again by itself.
 */
export async function deliver(
  deps: DeliverDeps,
  ref: DeliveryRef,
  { last }: { readonly last: boolean },
): Promise<Looked> {
  for (;;) {
    const channel = await deps.catalog.item(ref.tenant, 'channel', ref.channel_id);
    if (channel?.status !== 'active') return DONE;
    const position = await deps.deliveries.position(ref);
    const events = await deps.promotions.events(ref.tenant, ref.promotion_id);
    if (events.length <= position) return DONE;
    const left = noticesOf(events, replay(events)).slice(position);
    const looked = await tellAll(deps, ref, { channel, left, position, last });
    if (looked !== 'overtaken') return looked;
  }
}

type Left = {
  readonly channel: Channel;
  readonly left: readonly Notice[];
  readonly position: number;
  readonly last: boolean;
};

/** Overtaken: somebody else has moved the cursor meanwhile, and may know less of the chain than is known here. */
async function tellAll(
  deps: DeliverDeps,
  ref: DeliveryRef,
  { channel, left, position, last }: Left,
): Promise<Looked | 'overtaken'> {
  let at = position;
  for (const notice of left) {
    if (!hears(channel, notice)) continue;
    const sent = await send(deps.senders, channel, notice);
    await deps.deliveries.record(ref, attemptOf(notice, sent, deps.clock.now(), last));
    switch (sent.outcome) {
      case 'retry':
        return sent;
      case 'gone':
        await disable(deps, channel, sent.reason);
        return DONE;
      case 'delivered':
      case 'refused':
        if (!(await deps.deliveries.advance(ref, at, notice.event.seq))) return 'overtaken';
        at = notice.event.seq;
        break;
      default:
        return unreachable(sent);
    }
  }
  const kept = await updateMessages(deps, channel, left.at(-1));
  if (kept?.outcome === 'retry') return kept;
  const end = position + left.length;
  return end === at || (await deps.deliveries.advance(ref, at, end)) ? DONE : 'overtaken';
}

/** What a receiver was shown before may have to change with what it is not told. Nothing but a retry holds the cursor. */
async function updateMessages(
  { senders }: Pick<DeliverDeps, 'senders'>,
  channel: Channel,
  last: Notice | undefined,
): Promise<Sent | undefined> {
  if (channel.type !== 'slack' || last === undefined || hears(channel, last)) return undefined;
  return senders.slack.updateMessage?.(channel, last.promotion);
}

function attemptOf(
  { id, verb, severity, environment, event }: Notice,
  sent: Sent,
  at: string,
  last: boolean,
): Omit<Delivery, 'attempts' | 'promotion_id'> {
  const outcome = sent.outcome === 'retry' && last ? 'given_up' : sent.outcome;
  const said = 'reason' in sent ? { reason: sent.reason } : {};
  const reference = 'reference' in sent && sent.reference !== undefined ? { reference: sent.reference } : {};
  const { seq, at: event_at } = event;
  return { notice_id: id, seq, event_at, verb, severity, environment, outcome, ...said, ...reference, at };
}
