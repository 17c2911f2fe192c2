import type { Deployment } from '../../domain/deployment/deployment.ts';
import { momentsOf } from '../../domain/deployment/history.ts';
import { after } from '../../domain/deployment/roll-up.ts';
import { inEnvironment, isSameEnvironment } from '../../domain/in-environment.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

export type PlaceDeps = Pick<Deps, 'deployments' | 'rollUps' | 'timelines' | 'transactions'>;

/** Moments of one commit, which has at most a hundred items. */
const TOGETHER = 90;

/** Puts what happened to deployments on the timelines of their subjects. Returns false when a commit lost: nothing is wrong, some is missing. */
export async function place(
  { transactions }: Pick<Deps, 'transactions'>,
  tenant: string,
  deployments: readonly Deployment[],
): Promise<boolean> {
  const writes = deployments.flatMap(momentWrites);
  for (let at = 0; at < writes.length; at += TOGETHER) {
    const { committed } = await transactions.commit(tenant, writes.slice(at, at + TOGETHER));
    if (!committed) return false;
  }
  return true;
}

function momentWrites(deployment: Deployment): readonly Write[] {
  const of = { ...inEnvironment(deployment), subject: deployment.subject };
  const { live, failed } = momentsOf(deployment);
  return [
    ...(live === undefined ? [] : [{ write: 'moment', of, what: 'live', moment: live } as const]),
    ...(failed === undefined ? [] : [{ write: 'moment', of, what: 'failed', moment: failed } as const]),
  ];
}

/**
 * Puts what code from before there were timelines has counted on the timeline of a subject, for the days that a deployment may concern:
 * from before the last one that served earlier, all days where there is none. Oldest first, so that what is there has all before it.
 * Returns false when the time was up or another writer was faster.
 */
export async function catchUp(
  deps: PlaceDeps,
  tenant: string,
  deployment: Deployment,
  isLate: () => boolean,
): Promise<boolean> {
  const { subject, deployed_at, live_at = deployed_at } = deployment;
  const of = { ...inEnvironment(deployment), subject };
  const { live = { at: live_at } } = momentsOf(deployment);
  const [before] = await deps.timelines.lives(tenant, of, 'before', live, 1);
  const from = before === undefined ? '0000-01-01' : after(before.at.slice(0, 10), -1);
  for (const day of await deps.rollUps.span(tenant, of, { from, to: '9999-12-31' })) {
    if (day.placed === day.version) continue;
    if (isLate()) return false;
    const began = await deps.deployments.ofDay(tenant, subject, day.day);
    const there = began.filter((one) => isSameEnvironment(one, of));
    if (!(await place(deps, tenant, there))) return false;
    const version = day.version + 1;
    const roll_up = { ...day, placed: version, version };
    const { committed } = await deps.transactions.commit(tenant, [
      { write: 'roll_up', roll_up, expected: day.version },
    ]);
    if (!committed) return false;
  }
  return true;
}
