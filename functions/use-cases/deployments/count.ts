import { isCounted } from '../../domain/deployment/counted.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import { affectedBy } from './history.ts';
import { catchUp, type PlaceDeps, place } from './place.ts';
import { Sheet } from './sheet.ts';

export type CountDeps = PlaceDeps;

/** Items of a commit from which on another one is begun: a recount adds four, and a commit has at most a hundred. */
const FULL = 80;

/**
 * Counts some deployments of an environment that changed: puts what happened on the timelines of their subjects, then counts them and
 * those that count otherwise since. Returns how many, 0 when another writer was faster or the time is up: they are counted next time.
 */
export async function count(
  deps: CountDeps,
  tenant: string,
  changed: readonly Deployment[],
  isLate: () => boolean,
): Promise<number> {
  // Before they are placed themselves: what is on a timeline has all before it.
  for (const deployment of changed) {
    if (!(await catchUp(deps, tenant, deployment, isLate))) return 0;
  }
  if (!(await place(deps, tenant, changed))) return 0;
  const sheet = new Sheet(deps, tenant);
  for (const deployment of changed) {
    await sheet.open(deployment);
    // Marked as counted last: until then, whoever comes next does all of it again.
    for (const other of await affectedBy(deps, tenant, deployment)) {
      if (isCounted(other)) await sheet.recount(other);
      if (sheet.size > FULL && !(await sheet.commit())) return 0;
    }
    await sheet.recount(deployment);
    if (sheet.size > FULL && !(await sheet.commit())) return 0;
  }
  return (await sheet.commit()) ? changed.length : 0;
}
