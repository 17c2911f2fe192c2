import { canonicalJson } from '../../functions/domain/jcs.ts';
import type { PromotionEvent, StoredEvent } from '../../functions/domain/promotion/events.ts';
import { append, replay } from '../../functions/domain/promotion/history.ts';
import { decisionDigest } from '../../functions/domain/promotion/judge.ts';
import type { StoredPromotion } from '../../functions/ports/promotion-store.ts';
import type { Stores } from '../../functions/ports/stores.ts';
import type { Write } from '../../functions/ports/transaction.ts';
import { replayPromotion } from './replay-written.ts';

/** What each copy is made of: a pending promotion with its events, as its store holds it. */
export type Template = Pick<StoredPromotion, 'workflowRecord'> & { readonly events: readonly StoredEvent[] };

export async function templateOf(
  { promotions }: Pick<Stores, 'promotions'>,
  tenant: string,
  id: string,
): Promise<Template> {
  const stored = await promotions.read(tenant, id);
  if (stored?.state.status !== 'pending') throw new Error(`the template is ${stored?.state.status}`);
  return { workflowRecord: stored.workflowRecord, events: await promotions.events(tenant, id) };
}

/** A promotion of another id with a history of its own: open, or cancelled by its requester at once. */
export function copyOf({ workflowRecord, events }: Template, id: string, open: boolean): Write {
  const [first] = events;
  if (first === undefined) throw new Error('the template has no events');
  const own = events.map(({ event }) => named(event, id));
  const history = append(undefined, open ? own : [...own, { type: 'PromotionCancelled' }], {
    now: first.at,
    actor: first.actor,
  });
  return { write: 'promotion', ...history, workflowRecord: { ...workflowRecord, work: [] }, expected: 0 };
}

function named(event: PromotionEvent, id: string): PromotionEvent {
  if (event.type === 'PromotionRequested') return { ...event, id };
  if (event.type !== 'PromotionAssessed') return event;
  const decision = { ...event.decision, promotion_id: id };
  return { ...event, decision, decision_digest: decisionDigest(decision) };
}

/** Replays so many of the copies, spread over all: their events give their state, and their inputs their decisions. Throws otherwise. */
export async function replayCopies(
  stores: Pick<Stores, 'promotions' | 'evidence'>,
  tenant: string,
  ids: readonly string[],
  most = 100,
): Promise<number> {
  const step = Math.max(1, Math.floor(ids.length / most));
  const chosen = ids.filter((_, n) => n % step === 0).slice(0, most);
  for (const id of chosen) {
    const stored = await stores.promotions.read(tenant, id);
    const state = replay(await stores.promotions.events(tenant, id));
    if (canonicalJson(stored?.state) !== canonicalJson(state))
      throw new Error(`${id} is not what its events say`);
    await replayPromotion(stores, { tenant, id });
  }
  return chosen.length;
}
