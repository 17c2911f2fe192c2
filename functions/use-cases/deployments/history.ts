import { type Past, shippedBy } from '../../domain/deployment/counted.ts';
import { type Commit, commitsOf, type Deployment } from '../../domain/deployment/deployment.ts';
import { CLOCKS_APART, endedBy, type Moment, momentsOf } from '../../domain/deployment/history.ts';
import { inEnvironment } from '../../domain/in-environment.ts';
import { addDuration, earliest } from '../../domain/instant.ts';
import type { Position, TimelineOf } from '../../ports/timelines.ts';
import type { Deps } from '../deps.ts';

export type HistoryDeps = Pick<Deps, 'deployments' | 'timelines'>;

/** Deployments read at once: what shipped a commit is mostly among the last few. */
const FEW = 10;

/** What the history of its subject in its environment says of a deployment. */
export async function pastOf(deps: HistoryDeps, tenant: string, deployment: Deployment): Promise<Past> {
  const { live } = momentsOf(deployment);
  if (live === undefined) return { fresh: [], failures: [] };
  const of = timelineOf(deployment);
  const before = await deps.timelines.lives(tenant, of, 'before', live, 2);
  const [failures, fresh] = await Promise.all([
    deps.timelines.failures(tenant, of, before[1]?.at ?? '', live.at),
    freshOf(deps, tenant, deployment, live),
  ]);
  return { fresh, failures: endedBy(live, before, failures).map(({ at }) => at) };
}

/** The commits that nothing that served then had shipped; read back to where they were made, and no further. */
async function freshOf(
  deps: HistoryDeps,
  tenant: string,
  deployment: Deployment,
  live: Moment,
): Promise<readonly Commit[]> {
  let fresh = commitsOf(deployment) ?? [];
  let from: Position | undefined = live;
  while (from !== undefined) {
    const [first, ...others] = fresh.map(({ committed_at }) => committed_at);
    if (first === undefined) return [];
    const made = addDuration(earliest(first, ...others), `-${CLOCKS_APART}`);
    const lives: readonly Moment[] = await deps.timelines.lives(
      tenant,
      timelineOf(deployment),
      'before',
      from,
      FEW,
    );
    const since = lives.filter(({ at }) => at >= made);
    const read = await readAll(deps, tenant, since);
    const shipped = new Set(read.flatMap((one) => shippedBy(one, live.at)));
    fresh = fresh.filter(({ sha }) => !shipped.has(sha));
    from = since.length < FEW ? undefined : since.at(-1);
  }
  return fresh;
}

/**
 * The deployments that may count otherwise since one changed: the next two that served after it and the first two after its failure, for
 * what they ended, and those that ship what it ships. What was counted while it served changes only where it had ended before.
 */
export async function affectedBy(
  deps: HistoryDeps,
  tenant: string,
  deployment: Deployment,
): Promise<readonly Deployment[]> {
  const { live, failed } = momentsOf(deployment);
  const of = timelineOf(deployment);
  const next = async (position: Position | undefined) =>
    position === undefined ? [] : await deps.timelines.lives(tenant, of, 'after', position, 2);
  const [after, ending] = await Promise.all([next(live), next(failed && { at: failed.at })]);
  const near = await readAll(deps, tenant, [...after, ...ending]);
  const { counted, ended_at } = deployment;
  const since = counted === undefined || ended_at === undefined ? live : { at: ended_at };
  const sharing = await shippingAfter(deps, tenant, deployment, since);
  const all = new Map([...near, ...sharing].map((one) => [one.id, one]));
  all.delete(deployment.id);
  return [...all.values()];
}

async function shippingAfter(
  deps: HistoryDeps,
  tenant: string,
  deployment: Deployment,
  since: Position | undefined,
): Promise<readonly Deployment[]> {
  const commits = new Set((commitsOf(deployment) ?? []).map(({ sha }) => sha));
  const found: Deployment[] = [];
  let from = commits.size === 0 ? undefined : since;
  while (from !== undefined) {
    const lives: readonly Moment[] = await deps.timelines.lives(
      tenant,
      timelineOf(deployment),
      'after',
      from,
      FEW,
    );
    const read = await readAll(deps, tenant, lives);
    found.push(...read.filter((one) => (commitsOf(one) ?? []).some(({ sha }) => commits.has(sha))));
    from = lives.length < FEW ? undefined : lives.at(-1);
  }
  return found;
}

async function readAll(
  { deployments }: Pick<Deps, 'deployments'>,
  tenant: string,
  moments: readonly Moment[],
): Promise<readonly Deployment[]> {
  const read = await Promise.all(moments.map(({ id }) => deployments.read(tenant, id)));
  return read.flatMap((one) => one ?? []);
}

function timelineOf(deployment: Deployment): TimelineOf {
  return { ...inEnvironment(deployment), subject: deployment.subject };
}
