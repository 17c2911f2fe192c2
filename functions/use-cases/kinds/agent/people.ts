import type { SeparationOfDuties } from '../../../domain/catalog/approval-policy.ts';
import type { Deployment } from '../../../domain/deployment/deployment.ts';
import type { Actor } from '../../../domain/identity/principal.ts';
import type { SeparationFacts } from '../../../domain/promotion/commands.ts';
import { requestersOf } from '../../../domain/promotion/parts.ts';
import type { Asking, KindDeps } from '../kind.ts';
import { agentAsked } from './slot.ts';

const NOBODY = { authors: [], previous_promoters: [], evidence_producers: [] } satisfies SeparationFacts;

/** Promotions through which a deployment is followed to where it was recorded: more than a pipeline has environments. */
const MOST_HOPS = 50;

/**
 * Who recorded the content that is promoted, who promoted it on its way to the source, and who brought evidence about it. What cannot be
 * read is `unreadable`, never nobody.
 */
export async function peopleBehind(
  deps: KindDeps,
  tenant: string,
  { request }: Asking,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  if (!asked.author && !asked.previous_promoter && !asked.evidence_producer) return NOBODY;
  const source = await deps.deployments.read(tenant, agentAsked(request).source_deployment_id);
  if (source === undefined) return 'unreadable';
  const behind = asked.author || asked.previous_promoter ? await followed(deps, tenant, source) : NOBODY;
  if (behind === 'unreadable') return 'unreadable';
  const reports = asked.evidence_producer ? await deps.evidence.about(tenant, source.digest) : [];
  return { ...behind, evidence_producers: reports.map(({ producer }) => producer) };
}

/** Follows a deployment through the promotions that made it, to the one that somebody recorded. */
async function followed(deps: KindDeps, tenant: string, source: Deployment): Promise<SeparationFacts> {
  const previous_promoters: Actor[] = [];
  let deployment: Deployment | undefined = source;
  for (let hops = 0; deployment !== undefined && hops < MOST_HOPS; hops += 1) {
    const { promotion_id, recorded_by }: Deployment = deployment;
    if (promotion_id === undefined) return { ...NOBODY, authors: [recorded_by], previous_promoters };
    const stored = await deps.promotions.read(tenant, promotion_id);
    if (stored === undefined) return 'unreadable';
    const { state } = stored;
    const executor = 'executor' in state && state.executor !== undefined ? [state.executor] : [];
    previous_promoters.push(...requestersOf(state), ...executor);
    deployment = await deps.deployments.read(tenant, agentAsked(state.request).source_deployment_id);
  }
  return 'unreadable';
}
