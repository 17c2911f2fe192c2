import { Fault } from '../../domain/faults.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { stopsOf } from '../../domain/promotion/stops.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { lockOf } from '../engine/facts.ts';
import type { Planned } from '../kinds/kind.ts';
import { type CreateDeps, type Created, type CreateInput, createPromotion } from '../promotions/create.ts';
import type { Requested } from '../promotions/request.ts';

/** How the impact of a rollback is judged, on the plan that is written, and why it may not be written. */
export type Judging<I> = {
  readonly judge: (planned: Planned) => Promise<I>;
  /** Heard unless it is only tried. */
  readonly risk: (impact: I) => Refusal | undefined;
  /** What to keep for a repeated request, written in the same commit. */
  readonly answer:
    | ((begun: { readonly state: PromotionState; readonly impact: I }) => StoredAnswer)
    | undefined;
};

/** Requests a rollback of any kind: a promotion of its own, unless what stops its execution now stops it, or its risk is not accepted. */
export async function requestJudged<I>(
  deps: CreateDeps,
  asked: Omit<CreateInput, 'type' | 'admit' | 'answer'>,
  { judge, risk, answer }: Judging<I>,
): Promise<(Created & { readonly impact: I }) | Refusal> {
  let found: { readonly impact: I } | undefined;
  const judged = () => {
    if (found === undefined) throw new Fault('Corrupt', 'a rollback is judged before it is written');
    return found;
  };
  const created = await createPromotion(deps, {
    ...asked,
    type: 'rollback',
    ...(answer === undefined ? {} : { answer: (state) => answer({ state, ...judged() }) }),
    async admit(requested) {
      const stop = stopped(requested);
      if (stop !== undefined) return stop;
      const impact = await judge(requested.planned);
      found = { impact };
      return asked.dry_run === true ? undefined : risk(impact);
    },
  });
  return isRefusal(created) ? created : { ...created, ...judged() };
}

/** What stops its execution now stops its request: nobody waits for a rollback. A freeze does neither. */
export function stopped({ state, planned }: Requested): Refusal | undefined {
  const { claim } = planned.head;
  const facts = { ...lockOf(planned.target), ...(claim === undefined ? {} : { claim }) };
  return stopsOf(state, facts)[0]?.refusal;
}
