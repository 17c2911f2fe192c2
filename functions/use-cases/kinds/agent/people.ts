import type { SeparationOfDuties } from '../../../domain/catalog/approval-policy.ts';
import type { Deployment } from '../../../domain/deployment/deployment.ts';
import type { Actor } from '../../../domain/identity/principal.ts';
import type { SeparationFacts } from '../../../domain/promotion/commands.ts';
import type { Asking, KindDeps } from '../kind.ts';
import { agentAsked } from './slot.ts';

const NOBODY = { authors: [], previous_promoters: [], evidence_producers: [] } satisfies SeparationFacts;

/** Who recorded the source deployment, who promoted it there, and who brought evidence about it. What cannot be read is `unreadable`, never nobody. */
export async function peopleBehind(
  deps: KindDeps,
  tenant: string,
  { request }: Asking,
  asked: SeparationOfDuties,
): Promise<SeparationFacts> {
  if (!asked.author && !asked.previous_promoter && !asked.evidence_producer) return NOBODY;
  const source = await deps.deployments.read(tenant, agentAsked(request).source_deployment_id);
  if (source === undefined) return 'unreadable';
  const previous = asked.previous_promoter ? await promotersOf(deps, tenant, source) : [];
  if (previous === undefined) return 'unreadable';
  const reports = asked.evidence_producer ? await deps.evidence.about(tenant, source.digest) : [];
  return {
    authors: [source.recorded_by],
    previous_promoters: previous,
    evidence_producers: reports.map(({ producer }) => producer),
  };
}

/** Requester and executor of the promotion that deployed the source; nobody when it was recorded from outside. */
async function promotersOf(
  deps: KindDeps,
  tenant: string,
  source: Deployment,
): Promise<readonly Actor[] | undefined> {
  if (source.promotion_id === undefined) return [];
  const stored = await deps.promotions.read(tenant, source.promotion_id);
  if (stored === undefined) return undefined;
  const { state } = stored;
  const executor = 'executor' in state && state.executor !== undefined ? [state.executor] : [];
  return [state.requester, ...executor];
}
