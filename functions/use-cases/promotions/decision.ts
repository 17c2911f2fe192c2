import { type RecordedDecision, recordedDecisions } from '../../domain/promotion/recorded-decisions.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Deps } from '../deps.ts';
import { readTimeline } from './timeline.ts';

/** Which decision of a promotion is meant: the one that event `seq` carries, or the newest. */
export type DecisionRef = PromotionRef & { readonly seq?: number };

/** A decision on a promotion: of an assessment, or of the moment it began to execute. Refuses `not_found`. */
export async function readDecision(
  deps: Pick<Deps, 'promotions'>,
  { seq, ...ref }: DecisionRef,
): Promise<RecordedDecision | Refusal> {
  const events = await readTimeline(deps, ref);
  if (isRefusal(events)) return events;
  const decisions = recordedDecisions(events);
  const found = seq === undefined ? decisions.at(-1) : decisions.find((one) => one.seq === seq);
  if (found !== undefined) return found;
  const what = seq === undefined ? 'nothing was decided' : `event ${seq} decided nothing`;
  return refuse('not_found', `${what} on ${ref.id}`);
}
