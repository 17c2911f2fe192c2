import type { Deployment } from '../../../domain/deployment/deployment.ts';
import type { PromotionRequest } from '../../../domain/promotion/state.ts';
import { isRefusal } from '../../../domain/refusal.ts';
import { hopSource } from '../hop-source.ts';
import type { PromotionKind } from '../kind.ts';
import { artifactAsked, broughtBack, slotOf } from './slot.ts';

/** A version of an artifact from one environment to the next: the same bytes under the next environment's tags. */
export const artifactKind: PromotionKind = {
  plan: async (...asked) => (await import('./plan.ts')).plan(...asked),
  sourceOf: hopSource,
  people: async (...asked) => (await import('./people.ts')).peopleBehind(...asked),
  impact: async (...asked) => (await import('./impact.ts')).impactOf(...asked),
  back: async (deps, state, asked) => (await import('./back.ts')).backOf(deps, state, asked),
  slot: ({ request, target_environment }) => slotOf(request, target_environment),
  outside: async () => true,
  // Only executions bring anything anywhere: other functions need not carry it.
  async apply(deps, state) {
    // A pipeline deploys it, and reports.
    if (broughtBack(state.request) !== undefined) return { outcome: 'accepted' };
    return (await import('./apply-artifact.ts')).apply(deps, state);
  },
  async undoes(deps, { tenant, request, target_environment }) {
    const { undoneBy } = await import('./undone.ts');
    const undone = await undoneBy(deps, tenant, artifactAsked(request), target_environment);
    return undone === undefined || isRefusal(undone) ? [] : undone.promotions;
  },
  record: (state, actor) => ({
    id: state.deployment_id,
    subject: state.subject,
    digest: state.seal.plan.source.digest,
    environment: state.target_environment,
    ...(state.seal.plan.source.version_label === undefined
      ? {}
      : { version_label: state.seal.plan.source.version_label }),
    status: 'PENDING',
    deployed_at: state.started_at,
    recorded: false,
    recorded_by: actor,
    promotion_id: state.id,
    ...bringsBack(state.request),
    metrics: {},
    details: {},
    created_at: state.started_at,
    version: 1,
  }),
};

function bringsBack(request: PromotionRequest): Pick<Deployment, 'brings_back'> {
  const brings_back = broughtBack(request);
  return brings_back === undefined ? {} : { brings_back };
}
