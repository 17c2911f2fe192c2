import { brokenBy } from '../../domain/artifact/pin.ts';
import { breakingBetween } from '../../domain/promotion/rollback-impact.ts';
import type { CreateDeps } from '../promotions/create.ts';
import type { Requested } from '../promotions/request.ts';
import type { OwnFacts } from './own-facts.ts';

/** What an artifact knows of its going back: its consumers by their pins. Loaded on demand: it carries the grammar of constraints. */
export async function factsOfArtifact(
  { catalog }: CreateDeps,
  { state: { tenant }, planned: { subject, target, plan } }: Requested,
): Promise<OwnFacts> {
  const active = plan.change_set.find(({ key }) => key === 'version')?.from;
  const from = active == null ? undefined : active.replace(/^v/, '');
  const version = (plan.source.version_label ?? '').replace(/^v/, '');
  const asked = { artifact: subject.name, environment: target.name, version };
  const own = (await catalog.all(tenant, 'consumer')).filter(
    ({ artifact, environment }) => artifact === asked.artifact && environment === asked.environment,
  );
  const broken = new Set(brokenBy(own, asked).map(({ id }) => id));
  return {
    ...(from === undefined ? {} : { from }),
    to: version,
    breaking: breakingBetween(from, version),
    consumers: own.map(({ id, name, constraint }) => ({ id, name, constraint, satisfied: !broken.has(id) })),
  };
}
