import { milliseconds } from '../instant.ts';
import { type Counted, commitsOf, type Deployment, unplannedOf } from './deployment.ts';

/** How many earlier deployments of a subject are looked at for what one shipped and ended. */
export const LOOKED_AT = 25;

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

/** What a deployment adds, given the deployments of its subject that began before it (`LOOKED_AT` of them, any environment). */
export function countedOf(deployment: Deployment, earlier: readonly Deployment[]): Counted | undefined {
  const { status, environment, deployed_at, completed_at, live_at } = deployment;
  if (status === 'PENDING') return undefined;
  const before = earlier.filter((one) => one.environment === environment && one.id !== deployment.id);
  const unplanned = unplannedOf(deployment);
  const lead = leadOf(deployment, before);
  return {
    status,
    live: live_at !== undefined,
    ...(completed_at === undefined ? {} : { duration: between(deployed_at, completed_at) }),
    ...(lead === undefined ? {} : { lead }),
    ...(unplanned === undefined ? {} : { unplanned }),
    recoveries: live_at === undefined ? [] : recoveriesAt(live_at, before),
  };
}

/** When a deployment failed or was taken back; `undefined` for one that did not. */
export function failedAt({ status, failed_at, ended_at, completed_at }: Deployment): string | undefined {
  return status === 'FAILED' || status === 'ROLLED_BACK'
    ? (failed_at ?? ended_at ?? completed_at)
    : undefined;
}

function leadOf(deployment: Deployment, before: readonly Deployment[]): number | undefined {
  const { live_at } = deployment;
  if (live_at === undefined) return undefined;
  const serving = before.filter(({ status }) => status === 'DEPLOYED');
  const shipped = new Set(serving.flatMap((one) => (commitsOf(one) ?? []).map(({ sha }) => sha)));
  const fresh = (commitsOf(deployment) ?? []).filter(({ sha }) => !shipped.has(sha));
  const [first] = fresh.map(({ committed_at }) => committed_at).sort();
  return first === undefined ? undefined : between(first, live_at);
}

/** Failures since the last time that the subject went live there. */
function recoveriesAt(live_at: string, before: readonly Deployment[]): readonly number[] {
  const lives = before.flatMap((one) =>
    one.live_at !== undefined && one.live_at < live_at ? [one.live_at] : [],
  );
  const last = lives.sort().at(-1) ?? '';
  const failures = before.flatMap((one) => failedAt(one) ?? []);
  return failures
    .filter((at) => at >= last && at <= live_at)
    .sort()
    .map((at) => between(at, live_at));
}

/** Whole seconds, and none for clocks that disagree. */
function between(from: string, to: string): number {
  return Math.max(0, Math.round((milliseconds(to) - milliseconds(from)) / 1_000));
}
