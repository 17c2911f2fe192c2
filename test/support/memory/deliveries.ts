import {
  deliveriesPartition,
  deliveryCursorKey,
  deliveryKey,
  toldKey,
} from '../../../functions/adapters/dynamodb/keys-notification.ts';
import type { Deliveries } from '../../../functions/ports/deliveries.ts';
import type { Memory } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryDeliveries(memory: Memory): Deliveries {
  return {
    position: async (ref) => memory.deliveryCursors.get(deliveryCursorKey(ref)) ?? 0,
    async advance(ref, from, to) {
      const key = deliveryCursorKey(ref);
      if ((memory.deliveryCursors.get(key) ?? 0) !== from) return false;
      memory.deliveryCursors.set(key, to);
      return true;
    },
    async record(ref, attempt) {
      const key = deliveryKey(ref, attempt);
      const attempts = (memory.deliveries.get(key)?.attempts ?? 0) + 1;
      memory.deliveries.set(key, { ...attempt, promotion_id: ref.promotion_id, attempts });
    },
    async history(tenant, channel_id, page) {
      const all = memory.deliveries.partition(deliveriesPartition(tenant, channel_id));
      const positionOf = (one: (typeof all)[number]) =>
        deliveryKey({ tenant, channel_id, promotion_id: one.promotion_id }, one).SK;
      return pageOf(all, positionOf, page, true);
    },
    deliveredTo: async (ref, seq) => new Set(memory.told.get(toldKey(ref, seq)) ?? []),
    async markDelivered(ref, seq, receiver) {
      const key = toldKey(ref, seq);
      memory.told.set(key, [...(memory.told.get(key) ?? []), receiver]);
    },
  };
}
