import { isRefusal, refuse } from '../../../domain/refusal.ts';
import type { PromotionKind } from '../kind.ts';
import { agentAsked, labelOf, slotOf } from './slot.ts';

/** An agent from the deployment that runs in one environment to a gateway of the next. */
export const agentKind: PromotionKind = {
  plan: async (...asked) => (await import('./plan.ts')).plan(...asked),
  async sourceOf({ deployments }, tenant, request) {
    return (await deployments.read(tenant, agentAsked(request).source_deployment_id))?.environment;
  },
  readAhead({ deployments, catalog }, tenant, request) {
    const { source_deployment_id, target_gateway_id } = agentAsked(request);
    void deployments.read(tenant, source_deployment_id);
    void catalog.item(tenant, 'gateway', target_gateway_id);
  },
  unseen(request) {
    const { source_deployment_id } = agentAsked(request);
    return refuse('not_found', `there is no deployment ${source_deployment_id}`, {
      field: 'source_deployment_id',
    });
  },
  people: async (...asked) => (await import('./people.ts')).peopleBehind(...asked),
  impact: async (...asked) => (await import('./impact.ts')).impactOf(...asked),
  back: async (deps, state, asked) => (await import('./back.ts')).backOf(deps, state, asked),
  slot: ({ request, target_environment }) => slotOf(request, target_environment),

  async outside(deps, { tenant, request }) {
    const gateway = await deps.catalog.item(tenant, 'gateway', agentAsked(request).target_gateway_id);
    return gateway?.driver === 'http';
  },

  async undoes(deps, { tenant, request, target_environment }) {
    const { rollback } = agentAsked(request);
    if (rollback === undefined) return [];
    const { undoneSince } = await import('../undone-since.ts');
    const undone = await undoneSince(deps, tenant, slotOf(request, target_environment), rollback);
    return isRefusal(undone) ? [] : undone.promotions;
  },

  record: (state, actor) => ({
    id: state.deployment_id,
    subject: state.subject,
    digest: state.seal.plan.source.digest,
    environment: state.target_environment,
    gateway_id: agentAsked(state.request).target_gateway_id,
    ...labelOf(state.seal.plan.source),
    status: 'PENDING',
    deployed_at: state.started_at,
    recorded: false,
    recorded_by: actor,
    promotion_id: state.id,
    metrics: {},
    details: {},
    created_at: state.started_at,
    version: 1,
  }),

  async apply(deps, state) {
    const { tenant } = state;
    const request = agentAsked(state.request);
    const gateway = await deps.catalog.item(tenant, 'gateway', request.target_gateway_id);
    // An earlier call may have reached it before it was removed: nobody can say what runs there.
    if (gateway === undefined) return { outcome: 'unknown', message: 'the gateway was removed' };
    return await deps.driver.deploy({
      tenant,
      gateway,
      idempotency_key: state.deployment_id,
      fence: state.fence,
      agent_id: request.agent_id,
      digest: state.seal.plan.source.digest,
      deployment_id: state.deployment_id,
      promotion_id: state.id,
      environment: state.target_environment,
      source_deployment_id: request.source_deployment_id,
    });
  },
};
