import type { ArtifactRollbackFacts } from '../../domain/artifact/rollback-impact.ts';
import type { ArtifactAsked } from '../../domain/promotion/state.ts';
import type { Deps } from '../deps.ts';
import type { KindDeps, Planned } from '../kinds/kind.ts';
import { durationsOf, gatesOfToday } from './today.ts';

/** What a planned rollback of an artifact comes to, all of it read. */
export async function factsOfArtifactRollback(
  deps: KindDeps & Pick<Deps, 'clock'>,
  tenant: string,
  request: ArtifactAsked,
  { slot, target, undoes, plan }: Planned,
): Promise<ArtifactRollbackFacts> {
  const { artifact, version } = request;
  const active = plan.change_set.find(({ key }) => key === 'version')?.from;
  const [all, gates, durations] = await Promise.all([
    deps.catalog.all(tenant, 'consumer'),
    gatesOfToday(deps, tenant, request, target.name),
    durationsOf(deps, tenant, slot),
  ]);
  // The grammar of constraints is a library that nothing else here needs.
  const { brokenBy } = await import('../../domain/artifact/consumer.ts');
  const own = all.filter((one) => one.artifact === artifact && one.environment === target.name);
  const broken = new Set(brokenBy(own, { artifact, environment: target.name, version }).map(({ id }) => id));
  return {
    ...(active == null ? {} : { from: active.replace(/^v/, '') }),
    to: version,
    consumers: own.map(({ id, name, constraint }) => ({ id, name, constraint, satisfied: !broken.has(id) })),
    gates,
    undone: undoes?.promotions.map(({ id }) => id) ?? [],
    edits: undoes?.edits ?? 0,
    durations,
  };
}
