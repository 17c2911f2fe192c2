import { Fault } from '../../domain/faults.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import { requestersOf } from '../../domain/promotion/parts.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { StoredAnswer } from '../../ports/transaction.ts';
import { authorize } from '../access/authorize.ts';
import { readable } from '../access/readable.ts';
import { type CreateDeps, createPromotion } from '../promotions/create.ts';
import { rollBackArtifact } from './artifact.ts';
import { rollBackToTag } from './artifact-tag.ts';
import { rollBackConfig } from './config.ts';
import { rollBackPromotion } from './promotion.ts';

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
  const { principal, id, answer } = input;
  const state = await readable(deps, principal, id);
  if (isRefusal(state)) return state;
  const { target_environment, source_environment, execution, request, status } = state;
  const denied =
    (await authorize(deps, principal, 'retry', target_environment)) ??
    (await authorize(deps, principal, 'read', source_environment));
  if (denied !== undefined) return denied;
  if (status !== 'failed') {
    return refuse('invalid_transition', `it is ${status}: only a failed promotion is tried again`, {
      status,
    });
  }
  const asked = { also_requested_by: requestersOf(state), execution };
  if (request.kind === 'config' && request.rollback !== undefined) {
    const { promotion_id, mode } = request.rollback;
    const rolled = await rollBackConfig(deps, {
      ...asked,
      principal,
      id: promotion_id,
      mode,
      ...(request.notes === undefined ? {} : { reason: request.notes }),
      acknowledge_risk: input.acknowledge_risk ?? false,
      ...(answer === undefined ? {} : { answer: (begun) => answer(begun.state) }),
    });
    return isRefusal(rolled) ? rolled : written(rolled.state);
  }
  if (request.kind === 'artifact' && request.rollback !== undefined) {
    const { artifact, version, sync_registries, notes, rollback } = request;
    if (rollback.deployment_id !== undefined) {
      return await rollBackToTag(deps, {
        ...asked,
        principal,
        artifact,
        tag: state.seal.plan.source.version_label ?? version,
        environment: target_environment,
        reason: notes ?? '',
        ...(answer === undefined ? {} : { answer }),
      });
    }
    const rolled = await rollBackArtifact(deps, {
      ...asked,
      principal,
      artifact,
      version,
      sync_registries,
      environment: target_environment,
      ...(notes === undefined ? {} : { reason: notes }),
      acknowledge_risk: input.acknowledge_risk ?? false,
      ...(answer === undefined ? {} : { answer: (begun) => answer(begun.state) }),
    });
    return isRefusal(rolled) ? rolled : written(rolled.state);
  }
  if (request.kind === 'agent' && request.rollback !== undefined) {
    const { promotion_id, mode } = request.rollback;
    const rolled = await rollBackPromotion(deps, {
      ...asked,
      principal,
      id: promotion_id,
      mode,
      ...(request.notes === undefined ? {} : { reason: request.notes }),
      acknowledge_risk: input.acknowledge_risk ?? false,
      ...(answer === undefined ? {} : { answer: (begun) => answer(begun.state) }),
    });
    return isRefusal(rolled) ? rolled : written(rolled.state);
  }
  const created = await createPromotion(deps, {
    ...asked,
    actor: actorOf(principal),
    tenant: principal.tenant,
    request: { ...request, target_environment, source_environment },
    ...(answer === undefined ? {} : { answer }),
  });
  return isRefusal(created) ? created : created.state;
}

/** The promotion that a rollback began: there is one unless it was only tried. */
function written(state: PromotionState | undefined): PromotionState {
  if (state === undefined) throw new Fault('Corrupt', 'a rollback that is not only tried is written');
  return state;
}
