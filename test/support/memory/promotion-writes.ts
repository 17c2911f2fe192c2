import { eventsKey, holdKey, openKey, promotionKey } from '../../../functions/adapters/dynamodb/keys.ts';
import { assertContiguous } from '../../../functions/adapters/dynamodb/write-rules.ts';
import type { Memory } from './memory-map.ts';
import { creation, type Prepared, type WriteOf } from './prepared.ts';

export function promotionWrite(memory: Memory, tenant: string, write: WriteOf<'promotion'>): Prepared {
  assertContiguous(tenant, write);
  const { state, workflowRecord, events, expected } = write;
  const key = promotionKey(tenant, state.id);
  const before = memory.promotions.get(key);
  const version = before?.state.seq ?? 0;
  const attempt = before?.workflowRecord.attempt ?? 0;
  const published = before?.workflowRecord.published ?? workflowRecord.published;
  const first = events[0] === undefined ? [] : [eventsKey(tenant, state.id, events[0].seq)];
  return {
    keys: [key, ...first],
    holds: version === expected && attempt <= workflowRecord.attempt,
    apply() {
      memory.promotions.set(key, { state, workflowRecord: { ...workflowRecord, published } });
      for (const eventKey of first) memory.events.set(eventKey, events);
    },
  };
}

export function openWrite(memory: Memory, tenant: string, write: WriteOf<'open'>): Prepared {
  const key = openKey(tenant, write.subject, write.digest, write.target, write.type);
  return {
    keys: [key],
    holds: memory.places.get(key) === write.replaces,
    apply: () => memory.places.set(key, write.promotion_id),
  };
}

export function holdWrite(memory: Memory, tenant: string, write: WriteOf<'hold'>): Prepared {
  const key = holdKey(tenant, write.subject, write.target);
  if (write.held)
    return { ...creation(memory.holds, key, write.rejected ? 'rejected' : 'held'), holds: true };
  return { keys: [key], holds: true, apply: () => memory.holds.delete(key) };
}
