import { recordedDecisions } from '../../functions/domain/promotion/recorded-decisions.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import type { PromotionRef } from '../../functions/ports/promotion-store.ts';
import type { Stores } from '../../functions/ports/stores.ts';
import { replayDecision } from '../../functions/use-cases/promotions/replay-decision.ts';
import { countReplayed, written } from './written.ts';

/**
 * Makes every decision again that any store has kept since the last call. Throws on one that comes out otherwise, and on a promotion
 * without any: none is ever stored undecided.
 */
export async function replayWritten(): Promise<void> {
  const taken = [...written].map(({ from, refs }) => ({ from, refs: [...refs.values()] }));
  for (const { refs } of written) refs.clear();
  written.clear();
  for (const { from, refs } of taken) {
    for (const ref of refs) {
      const decisions = await replayPromotion(from, ref);
      if (decisions > 0) countReplayed(decisions);
    }
  }
}

/** Makes every decision of a promotion again; how many there were, none where the promotion is not stored. */
export async function replayPromotion(
  from: Pick<Stores, 'promotions' | 'evidence'>,
  ref: PromotionRef,
): Promise<number> {
  const events = await from.promotions.events(ref.tenant, ref.id);
  if (events.length === 0) return 0;
  const made = recordedDecisions(events);
  if (made.length === 0) throw new Error(`${ref.id} was stored without a decision`);
  for (const { seq } of made) {
    const replay = await replayDecision(from, { ...ref, seq });
    if (isRefusal(replay)) throw new Error(`${ref.id} event ${seq} cannot be replayed: ${replay.detail}`);
    if (!replay.same)
      throw new Error(`${ref.id} event ${seq} is decided otherwise: ${JSON.stringify(replay)}`);
  }
  return made.length;
}
