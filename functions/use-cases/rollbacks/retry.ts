import { Fault } from '../../domain/faults.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { askedAgain } from '../../domain/promotion/asked-again.ts';
import { byKind } from '../../domain/promotion/by-kind.ts';
import { requestersOf } from '../../domain/promotion/parts.ts';
import type { InStatus, PromotionRequest, PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import { kindOf } from '../kinds/registry.ts';
import { type CreateDeps, createPromotion } from '../promotions/create.ts';
import { requestJudged, stopped } from './judged.ts';

export type RetryInput = {
  readonly principal: Principal;
  readonly id: string;
  /** Needed where a failed rollback is RISKY. */
  readonly acknowledge_risk?: boolean;
  readonly answer?: (state: PromotionState) => StoredAnswer;
};

/**
 * Requests a failed promotion again: a new promotion with a history of its own, whose earlier requesters still count as such. A failed
 * rollback is asked for as every rollback is. Refuses `invalid_transition` on any other promotion, and what requesting refuses.
 */
export async function retryPromotion(deps: CreateDeps, input: RetryInput): Promise<PromotionState | Refusal> {
  const { principal, id } = input;
  const state = await readable(deps, principal, id);
  if (isRefusal(state)) return state;
  const { target_environment, source_environment, type, status } = state;
  const denied =
    (await authorize(deps, principal, 'retry', target_environment)) ??
    (await authorize(deps, principal, 'read', source_environment)) ??
    (type === 'rollback' ? await authorize(deps, principal, 'roll_back', target_environment) : undefined);
  if (denied !== undefined) return denied;
  if (status !== 'failed') {
    return refuse('invalid_transition', `it is ${status}: only a failed promotion is tried again`, {
      status,
    });
  }
  const { rollback } = state.request;
  // What a pipeline brings back is brought back as it was asked for: its impact is not judged.
  const judged = rollback !== undefined && !('deployment_id' in rollback);
  return judged ? await backAgain(deps, state, input) : await again(deps, state, input);
}

async function again(
  deps: CreateDeps,
  state: InStatus<'failed'>,
  { principal, answer }: RetryInput,
): Promise<PromotionState | Refusal> {
  const { request, target_environment, source_environment, execution, type } = state;
  const created = await createPromotion(deps, {
    actor: actorOf(principal),
    also_requested_by: requestersOf(state),
    tenant: principal.tenant,
    type,
    request: { ...request, target_environment, source_environment },
    execution,
    ...(type === 'rollback' ? { admit: async (requested) => stopped(requested) } : {}),
    ...(answer === undefined ? {} : { answer }),
  });
  return isRefusal(created) ? created : created.state;
}

async function backAgain(
  deps: CreateDeps,
  state: InStatus<'failed'>,
  { principal, acknowledge_risk = false, answer }: RetryInput,
): Promise<PromotionState | Refusal> {
  const { request, execution } = state;
  const rolled = await requestJudged(deps, await sameAgain(deps, state), kindOf(request).slot(state), {
    principal,
    also_requested_by: requestersOf(state),
    execution,
    acknowledge_risk,
    ...(request.notes === undefined ? {} : { reason: request.notes }),
    ...(answer === undefined ? {} : { answer: (begun) => answer(begun.state) }),
  });
  if (isRefusal(rolled)) return rolled;
  if (rolled.state === undefined) {
    throw new Fault('Corrupt', 'a rollback that is not only tried is written');
  }
  return rolled.state;
}

/** The same going back, on the environment as it is now: to the same revision, or by undoing the same promotion. */
async function sameAgain(
  deps: CreateDeps,
  { id, tenant, request, target_environment }: InStatus<'failed'>,
): Promise<PromotionRequest | Refusal> {
  const { rollback, notes } = request;
  if (rollback === undefined) throw new Fault('Corrupt', `${id} is no rollback`);
  const { revision } = rollback;
  const mode = 'mode' in rollback ? rollback.mode : 'restore';
  if (mode === 'revert' && !(await stands(deps, tenant, rollback.promotion_id))) {
    return refuse('invalid_transition', `${rollback.promotion_id} is taken back already`);
  }
  const taken = { id: rollback.promotion_id ?? id, tenant, request, target_environment };
  // Revision 0 is what was before the first: no number that can be asked for.
  const numbered = mode === 'restore' && revision !== undefined && revision > 0;
  const asked = {
    mode,
    ...(notes === undefined ? {} : { notes }),
    ...(numbered ? { to_revision: revision } : {}),
    ...byKind(request, {
      agent: () => ({}),
      artifact: ({ sync_registries }) => ({ sync_registries }),
      config: () => ({}),
    }),
  };
  const back = await kindOf(request).back(deps, taken, asked, deps.clock.now());
  return isRefusal(back) ? back : askedAgain(request, back);
}

async function stands({ promotions }: CreateDeps, tenant: string, id: string | undefined): Promise<boolean> {
  const stored = id === undefined ? undefined : await promotions.read(tenant, id);
  return stored?.state.status === 'completed';
}
