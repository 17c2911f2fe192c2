import type { DriftNotice } from '../../domain/notification/drift-notice.ts';
import { DRIFT_DETECTED, DRIFT_SEVERITY, hearsDrift } from '../../domain/notification/drift-notice.ts';
import type { DeliveryRef } from '../../ports/deliveries.ts';
import type { DeliverDeps, Looked } from './deliver.ts';
import { disable } from './disable.ts';
import { type NotifyDeps, sendToQueue } from './notify.ts';
import { sendDrift } from './senders.ts';

/** Asks for deliveries to every channel that hears of drift there; answers how many. Throws `Unavailable` and `Throttled`. */
export async function notifyOfDrift(deps: NotifyDeps, notice: DriftNotice): Promise<number> {
  const { tenant, id } = notice;
  const all = await deps.catalog.all(tenant, 'channel');
  const channels = all.filter((channel) => hearsDrift(channel, notice));
  const refs = channels.map(({ id: channel_id }) => ({
    tenant,
    channel_id,
    promotion_id: id,
    drift: notice,
  }));
  return await sendToQueue(deps, refs, id);
}

/** Tells a channel of drift, once: its cursor follows the success. Throws faults; `last` says that nobody tries this again by itself. */
export async function tellDrift(
  deps: DeliverDeps,
  ref: DeliveryRef & { readonly drift: DriftNotice },
  { last }: { readonly last: boolean },
): Promise<Looked> {
  const { drift } = ref;
  const channel = await deps.catalog.item(ref.tenant, 'channel', ref.channel_id);
  if (channel === undefined || !hearsDrift(channel, drift)) return { outcome: 'done' };
  if ((await deps.deliveries.position(ref)) > 0) return { outcome: 'done' };
  const sent = await sendDrift(deps.senders, channel, drift);
  const { id: notice_id, environment, at: event_at } = drift;
  await deps.deliveries.record(ref, {
    ...{ notice_id, environment, event_at, seq: 1, verb: DRIFT_DETECTED, severity: DRIFT_SEVERITY },
    outcome: sent.outcome === 'retry' && last ? 'given_up' : sent.outcome,
    ...('reason' in sent ? { reason: sent.reason } : {}),
    ...('reference' in sent && sent.reference !== undefined ? { reference: sent.reference } : {}),
    at: deps.clock.now(),
  });
  if (sent.outcome === 'retry') return sent;
  if (sent.outcome === 'gone') await disable(deps, channel, sent.reason);
  else await deps.deliveries.advance(ref, 0, 1);
  return { outcome: 'done' };
}
