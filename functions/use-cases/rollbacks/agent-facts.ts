import type { ArtifactRollbackFacts } from '../../domain/artifact/rollback-impact.ts';
import type { AgentAsked } from '../../domain/promotion/state.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps, Planned } from '../kinds/kind.ts';
import { durationsOf, gatesOfToday } from './today.ts';

/** What a planned rollback of an agent comes to, all of it read. Nobody declares what calls an agent: its consumers are not known. */
export async function factsOfAgentRollback(
  deps: KindDeps & Pick<Deps, 'clock'>,
  tenant: string,
  request: AgentAsked,
  { head, slot, target, undoes, plan }: Planned,
): Promise<ArtifactRollbackFacts> {
  const { deployment_id, digest } = head;
  const [running, gates, durations] = await Promise.all([
    deployment_id === undefined ? undefined : deps.deployments.read(tenant, deployment_id),
    gatesOfToday(deps, tenant, request, target.name),
    durationsOf(deps, tenant, slot),
  ]);
  const from = running?.version_label ?? digest;
  return {
    ...(from === null ? {} : { from }),
    to: plan.source.version_label ?? plan.source.digest,
    consumers: 'unknown',
    gates,
    undone: undoes?.promotions.map(({ id }) => id) ?? [],
    edits: undoes?.edits ?? 0,
    durations,
  };
}
