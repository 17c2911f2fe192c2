import type { Environment } from '../../../domain/catalog/environment.ts';
import type { Gateway } from '../../../domain/catalog/gateway.ts';
import { checkHop } from '../../../domain/catalog/hop.ts';
import { findEnvironment } from '../../../domain/catalog/pipeline.ts';
import type { Deployment } from '../../../domain/deployment/deployment.ts';
import { digest } from '../../../domain/digest.ts';
import { Fault } from '../../../domain/faults.ts';
import { autoPromotionFacts } from '../../../domain/policy/auto-promotion.ts';
import { emptyHead, slotText } from '../../../domain/promotion/head.ts';
import type { AgentAsked } from '../../../domain/promotion/state.ts';
import { isRefusal, type Refusal, refuse } from '../../../domain/refusal.ts';
import { slotOf as liveSlotOf } from '../../deployments/go-live.ts';
import type { KindDeps, PlanInput, Planned } from '../kind.ts';
import { targetHead } from '../target-head.ts';
import { undoneSince } from '../undone-since.ts';
import { agentAsked, labelOf, slotOf, subjectOf } from './slot.ts';

/** Plans an agent's way to a gateway, or back to what ran there. */
export async function plan(deps: KindDeps, input: PlanInput): Promise<Planned | Refusal> {
  const { tenant, environments, now, sealed } = input;
  const request = agentAsked(input.request);
  const aim = findEnvironment(environments, input.target_environment);
  // Once sealed, the source's environment is known, and so where its head lies: nothing waits for the deployment's own record.
  const [source, gateway, found, beside] = await Promise.all([
    deps.deployments.read(tenant, request.source_deployment_id),
    deps.catalog.item(tenant, 'gateway', request.target_gateway_id),
    aim && targetHead(deps, tenant, slotOf(request, aim.name), sealed),
    sealed && deps.heads.ofSubjectIn(tenant, subjectOf(request), sealed.source.environment),
  ]);
  if (source === undefined) {
    return refuse('not_found', `there is no deployment ${request.source_deployment_id}`, {
      field: 'source_deployment_id',
    });
  }
  const { rollback } = request;
  const refusal =
    rollback === undefined
      ? (wrongSource(source, input) ?? checkHop(environments, source.environment, input.target_environment))
      : undefined;
  if (refusal !== undefined) return refusal;
  const target = environmentOf(environments, input.target_environment);
  const unusable = wrongGateway(gateway, request, target);
  if (unusable !== undefined) return unusable;
  const slot = slotOf(request, target.name);
  const running =
    beside === undefined
      ? await deps.heads.read(tenant, liveSlotOf(source))
      : beside.find(({ slot: { gateway } }) => gateway === source.gateway_id);
  await found?.sure;
  const head = found?.there ?? emptyHead(slot, now);
  const content = rollback?.to ?? source.digest;
  if (rollback !== undefined && sealed === undefined && head.digest === content) {
    return refuse('nothing_to_promote', `${slot.gateway} runs that already`, { reason: 'already_there' });
  }
  const undoes = rollback === undefined ? undefined : await undoneSince(deps, tenant, slot, rollback);
  if (undoes !== undefined && isRefusal(undoes)) return undoes;
  const change_set = [{ key: slotText(slot), from: head.digest, to: content }];
  return {
    subject: slot.subject,
    source_environment: source.environment,
    target,
    slot,
    place: request.target_gateway_id,
    plan: {
      source: {
        environment: source.environment,
        digest: content,
        deployment_id: source.id,
        ...labelOf(source),
        recorded: rollback === undefined && source.recorded,
        ...(rollback === undefined ? {} : { revision: rollback.revision }),
      },
      base: { digest: head.digest, version: head.version },
      change_set_digest: digest('sluice/change-set/v1', change_set),
      change_set,
    },
    head,
    conditions: autoPromotionFacts(running?.deployment_id === source.id ? source : ended(source), now),
    outside: gateway?.driver === 'http',
    ...(undoes === undefined ? {} : { undoes }),
  };
}

/** What was replaced where it ran has stopped running there: how long it ran before says nothing of today. */
function ended({ live_at: _, ...source }: Deployment): Deployment {
  return source;
}

function wrongSource(source: Deployment, input: PlanInput): Refusal | undefined {
  const { environments, source_environment } = input;
  const request = agentAsked(input.request);
  const field = 'source_deployment_id';
  if (source.subject.kind !== 'agent' || source.subject.name !== request.agent_id) {
    return refuse('source_mismatch', `${source.id} is no deployment of ${request.agent_id}`, { field });
  }
  if (source.status !== 'DEPLOYED') {
    return refuse('source_not_deployed', `${source.id} is ${source.status}`, {
      field,
      status: source.status,
    });
  }
  if (source_environment === undefined) return undefined;
  const named = findEnvironment(environments, source_environment);
  if (named === undefined) {
    return refuse('unknown_environment', `there is no environment ${source_environment}`, {
      field: 'source_environment',
    });
  }
  if (named.name === source.environment) return undefined;
  return refuse('source_mismatch', `${source.id} runs in ${source.environment}`, {
    field: 'source_environment',
  });
}

function wrongGateway(
  gateway: Gateway | undefined,
  request: AgentAsked,
  target: Environment,
): Refusal | undefined {
  const data = { field: 'target_gateway_id' };
  if (gateway === undefined) {
    return refuse('unknown_gateway', `there is no gateway ${request.target_gateway_id}`, data);
  }
  if (gateway.environment !== target.name) {
    return refuse('unknown_gateway', `${gateway.id} is a gateway of ${gateway.environment}`, data);
  }
  if (gateway.status !== 'active') return refuse('unknown_gateway', `${gateway.id} is not active`, data);
  return undefined;
}

/** `checkHop` has found it a moment ago. */
function environmentOf(environments: readonly Environment[], name: string): Environment {
  const found = findEnvironment(environments, name);
  if (found === undefined) throw new Fault('Corrupt', `${name} vanished`);
  return found;
}
