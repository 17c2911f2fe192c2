import { type Actor, actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Execution } from '../../domain/promotion/manifest.ts';
import { judgeRollback, type RollbackImpact, refuseRisk } from '../../domain/promotion/rollback.ts';
import type { ConfigRollback, PromotionState } from '../../domain/promotion/state.ts';
import type { Stop } from '../../domain/promotion/stops.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import { backOf } from '../kinds/config/back.ts';
import type { CreateDeps, CreateInput } from '../promotions/create.ts';
import { factsOfRefused, factsOfRollback } from './config-facts.ts';
import { requestJudged } from './judged.ts';

export type RollBackInput = {
  readonly principal: Principal;
  readonly also_requested_by?: readonly Actor[];
  readonly id: string;
  readonly mode: ConfigRollback['mode'];
  readonly reason?: string;
  /** Needed where the impact is RISKY. */
  readonly acknowledge_risk?: boolean;
  readonly execution?: Execution;
  readonly dry_run?: boolean;
  /** What to keep for a repeated request, written in the same commit. */
  readonly answer?: (begun: Begun) => StoredAnswer;
};

export type Begun = { readonly state: PromotionState; readonly impact: RollbackImpact };

/** `state` is absent where a rollback that is only tried would be refused. */
export type RolledBack = {
  readonly impact: RollbackImpact;
  readonly state?: PromotionState;
  readonly created: boolean;
  readonly stops: readonly Stop[];
};

/**
 * Requests that a completed config promotion is taken back: a promotion of its own, with the approvals that its environment asks for, and
 * its impact judged on the plan that is written. Refuses `invalid_transition` on any other promotion, what cannot be planned, `locked`,
 * and `risk_not_acknowledged`. Only tried (`dry_run`), it answers the impact whatever it is.
 */
export async function rollBackConfig(deps: CreateDeps, input: RollBackInput): Promise<RolledBack | Refusal> {
  const { principal, id, dry_run = false, acknowledge_risk = false, answer } = input;
  const { tenant } = principal;
  const original = await readable(deps, principal, id);
  if (isRefusal(original)) return original;
  const denied = await authorize(deps, principal, 'roll_back', original.target_environment);
  if (denied !== undefined) return denied;
  const asked = await requestOf(deps, original, input);
  if ('refused' in asked) return refusedOr(asked, dry_run);
  const rolled = await requestJudged(
    deps,
    { ...asked, dry_run },
    {
      judge: async (planned) => judgeRollback(await factsOfRollback(deps, tenant, id, planned)),
      risk: (impact) => refuseRisk(impact, acknowledge_risk),
      answer,
    },
  );
  return isRefusal(rolled) && rolled.refused !== 'risk_not_acknowledged'
    ? refusedOr(rolled, dry_run)
    : rolled;
}

/** What cannot be taken back is BLOCKED to whoever only tries, and refused to whoever means it. */
function refusedOr(refusal: Refusal, dry_run: boolean): RolledBack | Refusal {
  const impact = judgeRollback(factsOfRefused(refusal));
  if (dry_run) return { impact, created: false, stops: [] };
  const { recommendation, reason_codes } = impact;
  return { ...refusal, data: { ...refusal.data, recommendation, reason_codes } };
}

/** The promotion that takes another one back. */
async function requestOf(
  deps: CreateDeps,
  original: PromotionState,
  { principal, also_requested_by, mode, reason, execution }: RollBackInput,
): Promise<CreateInput | Refusal> {
  const { tenant, target_environment, request, status } = original;
  if (request.kind !== 'config' || status !== 'completed') {
    return refuse('invalid_transition', `it is ${status}: only a completed config promotion is rolled back`, {
      status,
    });
  }
  const asked = { mode, ...(reason === undefined ? {} : { notes: reason }) };
  const back = await backOf(deps, original, asked, deps.clock.now());
  if ('refused' in back) return back;
  return {
    actor: actorOf(principal),
    ...(also_requested_by === undefined ? {} : { also_requested_by }),
    tenant,
    request: { ...back, source_environment: target_environment, target_environment },
    ...(execution === undefined ? {} : { execution }),
  };
}
