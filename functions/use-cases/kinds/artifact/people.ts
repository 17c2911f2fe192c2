import type { SeparationOfDuties } from '../../../domain/catalog/approval-policy.ts';
import type { Actor } from '../../../domain/identity/principal.ts';
import type { SeparationFacts } from '../../../domain/promotion/commands.ts';
import { requestersOf } from '../../../domain/promotion/parts.ts';
import type { Asking, KindDeps } from '../kind.ts';
import { artifactAsked } from './slot.ts';

const NOBODY = { authors: [], previous_promoters: [], evidence_producers: [] } satisfies SeparationFacts;

/** Promotions through which content is followed to where it was published: more than a pipeline has environments. */
const MOST_HOPS = 50;

/** Who published the version, who promoted it on its way to the source, and who brought evidence about it. */
export async function peopleBehind(
  deps: KindDeps,
  tenant: string,
  { request, seal }: Asking,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  if (!asked.author && !asked.previous_promoter && !asked.evidence_producer) return NOBODY;
  const [author, promoters, reports] = await Promise.all([
    asked.author ? authorOf(deps, tenant, request) : undefined,
    asked.previous_promoter ? promotersOf(deps, tenant, seal.plan.source.deployment_id) : [],
    asked.evidence_producer ? deps.evidence.about(tenant, seal.manifest.source.digest) : [],
  ]);
  if (promoters === 'unreadable' || (asked.author && author === undefined)) return 'unreadable';
  return {
    authors: author === undefined ? [] : [author],
    previous_promoters: promoters,
    evidence_producers: reports.map(({ producer }) => producer),
  };
}

/** Who published the version, or recorded the deployment that a pipeline brings back. */
async function authorOf(
  deps: Pick<KindDeps, 'versions' | 'deployments'>,
  tenant: string,
  request: Asking['request'],
): Promise<Actor | undefined> {
  const { artifact, version, rollback } = artifactAsked(request);
  if (rollback?.deployment_id === undefined) {
    return (await deps.versions.read(tenant, artifact, version))?.published_by;
  }
  return (await deps.deployments.read(tenant, rollback.deployment_id))?.recorded_by;
}

/** Follows a deployment through the promotions that made it, to the one that was published. */
async function promotersOf(
  deps: KindDeps,
  tenant: string,
  first: string | undefined,
): Promise<readonly Actor[] | 'unreadable'> {
  const found: Actor[] = [];
  let next = first;
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    if (next === undefined) return found;
    const deployment = await deps.deployments.read(tenant, next);
    if (deployment === undefined) return 'unreadable';
    if (deployment.promotion_id === undefined) return found;
    const stored = await deps.promotions.read(tenant, deployment.promotion_id);
    if (stored === undefined) return 'unreadable';
    const { state } = stored;
    const executor = 'executor' in state && state.executor !== undefined ? [state.executor] : [];
    found.push(...requestersOf(state), ...executor);
    next = state.seal.plan.source.deployment_id;
  }
  return 'unreadable';
}
