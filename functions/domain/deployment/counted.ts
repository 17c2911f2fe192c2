import { latest, milliseconds } from '../instant.ts';
import { type Commit, type Counted, commitsOf, type Deployment, unplannedOf } from './deployment.ts';

/** Whether the statistics know a deployment as it is. What is PENDING is not counted yet. */
export function isCounted({ status, counted }: Pick<Deployment, 'status' | 'counted'>): boolean {
  return status === 'PENDING' || counted?.status === status;
}

/** The instant by which it is listed as not counted yet: its last change of status. */
export function changedAt({ ended_at, completed_at, created_at }: Deployment): string {
  return ended_at ?? completed_at ?? created_at;
}

/** The day on which a deployment counts, e.g. `2026-11-22`. */
export function dayOf({ deployed_at }: Pick<Deployment, 'deployed_at'>): string {
  return deployed_at.slice(0, 10);
}

/** What the history of its subject in its environment says of a deployment. */
export type Past = {
  /** The commits of it that no deployment which served when it began to serve had shipped. */
  readonly fresh: readonly Commit[];
  /** When each failure began that it ended, the longest ago first. */
  readonly failures: readonly string[];
};

/** What a deployment adds to the sums of its day; nothing while it is PENDING. Lengths that are not known are left out. */
export function countedOf(deployment: Deployment, { fresh, failures }: Past): Counted | undefined {
  const { status, deployed_at, completed_at, live_at } = deployment;
  if (status === 'PENDING') return undefined;
  const unplanned = unplannedOf(deployment);
  const served = servedAt(deployment);
  const [first] = fresh.map(({ committed_at }) => committed_at).sort();
  return {
    status,
    live: live_at !== undefined,
    ...(completed_at === undefined || isUntimed(deployment)
      ? {}
      : { duration: between(deployed_at, completed_at) }),
    ...(first === undefined || served === undefined ? {} : { lead: between(first, served) }),
    ...(unplanned === undefined ? {} : { unplanned }),
    recoveries: served === undefined ? [] : failures.map((at) => between(at, served)),
  };
}

/**
 * When a deployment began to serve; `undefined` for one that never did, and where its reporter said no more than when
 * it began: it may have served long before it was recorded.
 */
export function servedAt(deployment: Deployment): string | undefined {
  const { recorded, live_at, completed_at, created_at } = deployment;
  if (!recorded || live_at !== created_at) return live_at;
  return completed_at;
}

/** When a deployment failed or was taken back; `undefined` for one that did not, and where its reporter did not say when. */
export function failedAt(deployment: Deployment): string | undefined {
  const { status, failed_at, ended_at, completed_at } = deployment;
  if (status !== 'FAILED' && status !== 'ROLLED_BACK') return undefined;
  const at = failed_at ?? ended_at ?? completed_at;
  return at === undefined ? undefined : latest(at, servedAt(deployment) ?? deployment.live_at ?? at);
}

/** The commits that a deployment had shipped where another began to serve: none once it had failed or was taken back. */
export function shippedBy(deployment: Deployment, at: string): readonly string[] {
  const { status, ended_at, completed_at } = deployment;
  const until = ended_at ?? completed_at ?? '';
  if (status === 'PENDING' || (status !== 'DEPLOYED' && until <= at)) return [];
  return (commitsOf(deployment) ?? []).map(({ sha }) => sha);
}

/** Whether nobody said when it began or when it ended: both are when it was recorded. */
function isUntimed({ recorded, deployed_at, completed_at, created_at }: Deployment): boolean {
  return recorded && deployed_at === created_at && completed_at === created_at;
}

/** Whole seconds, and none for clocks that disagree. */
function between(from: string, to: string): number {
  return Math.max(0, Math.round((milliseconds(to) - milliseconds(from)) / 1_000));
}
