import { breakingBetween, type RollbackFacts } from '../../domain/promotion/rollback-impact.ts';
import type { PromotionRequest } from '../../domain/promotion/state.ts';
import { revisionsOf } from '../kinds/gone-back-to.ts';
import type { CreateDeps } from '../promotions/create.ts';
import type { Requested } from '../promotions/request.ts';
import type { OwnFacts } from './own-facts.ts';
import { durationsOf, formerRevisions, gatesOfToday } from './today.ts';

const FACTS: {
  readonly [kind in PromotionRequest['kind']]: (deps: CreateDeps, requested: Requested) => Promise<OwnFacts>;
} = {
  agent: ofAgent,
  artifact: async (...asked) => (await import('./artifact-facts.ts')).factsOfArtifact(...asked),
  config: async (...asked) => (await import('./config-facts.ts')).factsOfConfig(...asked),
};

/** What a planned rollback comes to, all of it read. */
export async function factsOf(deps: CreateDeps, requested: Requested): Promise<RollbackFacts> {
  const { planned, state } = requested;
  const { tenant, request } = state;
  const { undoes, head, slot, plan } = planned;
  const history = async () => {
    const all = await revisionsOf(deps, tenant, slot);
    return await Promise.all([durationsOf(deps, tenant, all), formerRevisions(deps, tenant, all)]);
  };
  const [own, gates, [durations, revisions]] = await Promise.all([
    FACTS[request.kind](deps, requested),
    gatesOfToday(deps, requested),
    history(),
  ]);
  const undone = undoes?.promotions.map(({ id }) => id) ?? [];
  // Where no promotion is named, it is about the oldest that it takes back.
  const about = request.rollback?.promotion_id ?? undone[0];
  return {
    ...own,
    from_revision: head.revision,
    ...(plan.source.revision === undefined ? {} : { to_revision: plan.source.revision }),
    gates,
    later: undone.filter((id) => id !== about),
    edits: undoes?.edits ?? 0,
    durations,
    revisions,
  };
}

/** Nobody declares what calls an agent: its consumers are not known. */
async function ofAgent(
  { deployments }: CreateDeps,
  { state: { tenant }, planned: { head, plan } }: Requested,
): Promise<OwnFacts> {
  const { deployment_id, digest } = head;
  const running = deployment_id === undefined ? undefined : await deployments.read(tenant, deployment_id);
  const from = running?.version_label ?? digest ?? undefined;
  const to = plan.source.version_label ?? plan.source.digest;
  return {
    ...(from === undefined ? {} : { from }),
    to,
    breaking: breakingBetween(from, to),
    consumers: 'unknown',
  };
}
