import { isCounted } from '../../domain/deployment/counted.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { environmentText } from '../../domain/in-environment.ts';
import { addDuration } from '../../domain/instant.ts';
import type { DeploymentRef } from '../../ports/deployment-store.ts';
import type { Deps } from '../deps.ts';
import { inTurn } from '../in-turn.ts';
import { type CountDeps, count } from './count.ts';

export type RollUpDeps = CountDeps & Pick<Deps, 'clock' | 'cursors'>;

export type RolledUp = {
  readonly counted: number;
  readonly faults: readonly { readonly tenant: string; readonly error: unknown }[];
  /** There was more than the run's bounds: the next run goes on. */
  readonly unfinished: boolean;
};

/** Deployments read together. */
const AT_ONCE = 100;
/** Deployments counted in one commit: each may touch a few others, and the sums of their days. */
const TOGETHER = 10;

/** How long ago a deployment changed at least: what has just changed may not be in every index yet. */
const SETTLED = 'PT10S';

/**
 * Adds deployments that changed to the sums of their days: of their environment, and of their subject there. Each is marked as counted
 * in the commit that counts it, so that running it twice, or twice at once, counts once. What fails stops nothing else.
 */
export async function rollUpDeployments(
  deps: RollUpDeps,
  bounds: { readonly most: number; readonly milliseconds: number },
  settled = SETTLED,
): Promise<RolledUp> {
  const now = deps.clock.now();
  const end = addDuration(now, `PT${bounds.milliseconds / 1_000}S`);
  const until = addDuration(now, `-${settled}`);
  const faults: { tenant: string; error: unknown }[] = [];
  const isLate = () => deps.clock.now() >= end;
  const uncounted = inTurn(deps.cursors, 'sweep.uncounted', (page) =>
    deps.deployments.uncounted(until, page),
  );
  let counted = 0;
  do {
    const refs: DeploymentRef[] = [];
    for (let ref = await uncounted.next(); ref !== undefined; ref = await uncounted.next()) {
      refs.push(ref);
      if (refs.length === AT_ONCE) break;
    }
    if (refs.length === 0) break;
    for (const { tenant, deployments } of groupsOf(await readAll(deps, refs, faults))) {
      try {
        counted += await count(deps, tenant, deployments, isLate);
      } catch (error) {
        faults.push({ tenant, error });
      }
    }
  } while (counted < bounds.most && !isLate());
  return { counted, faults, unfinished: await uncounted.stop() };
}

type Group = { readonly tenant: string; readonly deployments: Deployment[] };

async function readAll(
  { deployments }: Pick<Deps, 'deployments'>,
  refs: readonly DeploymentRef[],
  faults: { tenant: string; error: unknown }[],
): Promise<readonly { readonly tenant: string; readonly deployment: Deployment }[]> {
  const read = await Promise.all(
    refs.map(async ({ tenant, id }) => {
      try {
        const deployment = await deployments.read(tenant, id);
        return deployment === undefined || isCounted(deployment) ? [] : [{ tenant, deployment }];
      } catch (error) {
        faults.push({ tenant, error });
        return [];
      }
    }),
  );
  return read.flat();
}

/** Deployments of one tenant and environment, some at a time. */
function groupsOf(
  found: readonly { readonly tenant: string; readonly deployment: Deployment }[],
): readonly Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const { tenant, deployment } of found) {
    const name = `${tenant}#${environmentText(deployment)}`;
    const group = open.get(name);
    if (group !== undefined && group.deployments.length < TOGETHER) {
      group.deployments.push(deployment);
      continue;
    }
    const begun = { tenant, deployments: [deployment] };
    open.set(name, begun);
    groups.push(begun);
  }
  return groups;
}
