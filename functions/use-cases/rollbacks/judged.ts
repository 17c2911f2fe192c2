import { Fault } from '../../domain/faults.ts';
import { type Actor, actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Execution } from '../../domain/promotion/manifest.ts';
import {
  judgeRollback,
  type RollbackImpact,
  refusedImpact,
  refuseRisk,
} from '../../domain/promotion/rollback-impact.ts';
import type { PromotionRequest, PromotionState } from '../../domain/promotion/state.ts';
import { type Stop, stopsOf } from '../../domain/promotion/stops.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Slot } from '../../domain/subject.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import { lockOf } from '../engine/facts.ts';
import { revisionsOf } from '../kinds/gone-back-to.ts';
import { type CreateDeps, createPromotion } from '../promotions/create.ts';
import type { Requested } from '../promotions/request.ts';
import { factsOf } from './facts.ts';
import { formerRevisions } from './today.ts';

/** How a rollback is asked for, whatever goes back. */
export type AskedRollback = {
  readonly principal: Principal;
  readonly also_requested_by?: readonly Actor[];
  readonly reason?: string;
  /** Needed where the impact is RISKY. */
  readonly acknowledge_risk?: boolean;
  readonly execution?: Execution;
  readonly dry_run?: boolean;
  /** What to keep for a repeated request, written in the same commit. */
  readonly answer?: (begun: BegunRollback) => StoredAnswer;
};

export type BegunRollback = { readonly state: PromotionState; readonly impact: RollbackImpact };

/** `state` is absent where a rollback that is only tried would be refused. */
export type RolledBack = {
  readonly impact: RollbackImpact;
  readonly state?: PromotionState;
  readonly created: boolean;
  readonly stops: readonly Stop[];
};

/**
 * Requests a rollback of any kind: a promotion of its own, with the approvals that the environment asks for, and its impact judged on the
 * plan that is written. What stops its execution now stops it, and a risk that nobody acknowledges. Only tried (`dry_run`), it answers the
 * impact whatever it is; where that is BLOCKED, with what the slot could go back to.
 */
export async function requestJudged(
  deps: CreateDeps,
  back: PromotionRequest | Refusal,
  slot: Slot,
  asked: AskedRollback,
): Promise<RolledBack | Refusal> {
  if ('refused' in back) return await refusedOr(deps, back, slot, asked);
  const { environment } = slot;
  const {
    principal,
    dry_run = false,
    acknowledge_risk = false,
    answer,
    execution,
    also_requested_by,
  } = asked;
  let found: RollbackImpact | undefined;
  const judged = () => {
    if (found === undefined) throw new Fault('Corrupt', 'a rollback is judged before it is written');
    return found;
  };
  const created = await createPromotion(deps, {
    actor: actorOf(principal),
    tenant: principal.tenant,
    type: 'rollback',
    request: { ...back, source_environment: environment, target_environment: environment },
    dry_run,
    ...(execution === undefined ? {} : { execution }),
    ...(also_requested_by === undefined ? {} : { also_requested_by }),
    ...(answer === undefined ? {} : { answer: (state) => answer({ state, impact: judged() }) }),
    async admit(requested) {
      const stop = stopped(requested);
      if (stop !== undefined) return stop;
      found = judgeRollback(await factsOf(deps, requested));
      return dry_run ? undefined : refuseRisk(found, acknowledge_risk);
    },
  });
  if (isRefusal(created)) return await refusedOr(deps, created, slot, asked);
  return { ...created, impact: judged() };
}

/** What cannot be taken back is BLOCKED to whoever only tries, and refused to whoever means it. */
async function refusedOr(
  deps: Pick<Deps, 'heads' | 'deployments'>,
  refusal: Refusal,
  slot: Slot,
  { principal: { tenant }, dry_run = false }: AskedRollback,
): Promise<RolledBack | Refusal> {
  if (refusal.refused === 'risk_not_acknowledged' || refusal.refused === 'not_found') return refusal;
  if (dry_run) {
    const revisions = await formerRevisions(deps, tenant, await revisionsOf(deps, tenant, slot));
    return { impact: refusedImpact(refusal, revisions), created: false, stops: [] };
  }
  const { recommendation, reason_codes } = refusedImpact(refusal);
  return { ...refusal, data: { ...refusal.data, recommendation, reason_codes } };
}

/** What stops its execution now stops its request: nobody waits for a rollback. A freeze does neither. */
export function stopped({ state, planned }: Requested): Refusal | undefined {
  const { claim } = planned.head;
  const facts = { ...lockOf(planned.target), ...(claim === undefined ? {} : { claim }) };
  return stopsOf(state, facts)[0]?.refusal;
}
