import { actorOf } from '../../domain/identity/principal.ts';
import { ACTIONS, may } from '../../domain/identity/roles.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import type { Acting } from '../engine/act.ts';
import { type CreateDeps, createPromotion } from './create.ts';
import { readPromotion } from './read.ts';

export type RetryInput = Acting & { readonly answer?: (state: PromotionState) => StoredAnswer };

/** Requests a failed promotion again: a new promotion with a history of its own. Refuses `invalid_transition` on any other. */
export async function retryPromotion(
  deps: CreateDeps & Pick<Deps, 'denials'>,
  { principal, id, answer }: RetryInput,
): Promise<PromotionState | Refusal> {
  const { tenant } = principal;
  const state = await readPromotion(deps, { tenant, id });
  if (isRefusal(state)) return state;
  const { target_environment, source_environment, execution, request, status } = state;
  const actor = actorOf(principal);
  if (!may(principal, 'retry', target_environment)) {
    const at = deps.clock.now();
    await deps.denials.record({
      tenant,
      at,
      actor,
      code: 'not_authorized',
      action: 'retry',
      promotion_id: id,
    });
    const required = ACTIONS.retry;
    return refuse('not_authorized', `this takes the role ${required.join(' or ')} in ${target_environment}`, {
      required,
    });
  }
  if (status !== 'failed') {
    return refuse('invalid_transition', `it is ${status}: only a failed promotion is tried again`, {
      status,
    });
  }
  const created = await createPromotion(deps, {
    actor,
    tenant,
    request: { ...request, target_environment, source_environment },
    execution,
    ...(answer === undefined ? {} : { answer }),
  });
  return isRefusal(created) ? created : created.state;
}
