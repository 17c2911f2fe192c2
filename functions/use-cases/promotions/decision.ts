import type { Weakened } from '../../domain/promotion/governor.ts';
import { type RecordedDecision, recordedDecisions } from '../../domain/promotion/recorded-decisions.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { unknown } from '../engine/act.ts';
import { weakenedFor } from '../engine/facts.ts';
import { readPromotion } from './read.ts';

/** Which decision of a promotion is meant: the one that event `seq` carries, or the newest. */
export type DecisionRef = PromotionRef & { readonly seq?: number };

/** A decision on a promotion: of an assessment, or of the moment it began to execute. Refuses `not_found`. */
export async function readDecision(
  deps: Pick<Deps, 'promotions'>,
  { seq, ...ref }: DecisionRef,
): Promise<RecordedDecision | Refusal> {
  const events = await deps.promotions.events(ref.tenant, ref.id);
  if (events.length === 0) return unknown(ref.id);
  const decisions = recordedDecisions(events);
  const found = seq === undefined ? decisions.at(-1) : decisions.find((one) => one.seq === seq);
  if (found !== undefined) return found;
  const what = seq === undefined ? 'nothing was decided' : `event ${seq} decided nothing`;
  return refuse('not_found', `${what} on ${ref.id}`);
}

/** Reads what weakened a promotion's target, for its kind, since it was requested. No digest covers it. Refuses `not_found`. */
export async function readGovernanceChanges(
  deps: Pick<Deps, 'promotions' | 'changes'>,
  ref: PromotionRef,
): Promise<readonly Weakened[] | Refusal> {
  const state = await readPromotion(deps, ref);
  if (isRefusal(state)) return state;
  const weakened = await weakenedFor(deps, state);
  return weakened.filter(
    ({ at, weakens }) =>
      at >= state.requested_at && weakens.some(({ kinds }) => kinds.includes(state.subject.kind)),
  );
}
