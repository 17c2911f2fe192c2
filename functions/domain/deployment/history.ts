import { failedAt, servedAt } from './counted.ts';
import type { Deployment } from './deployment.ts';

/** When something happened to a deployment; ids order what happened at the same instant. */
export type Moment = { readonly at: string; readonly id: string };

/** What the history of a subject in an environment keeps of a deployment: when it began to serve, and when it failed. */
export type Moments = { readonly live?: Moment; readonly failed?: Moment };

/** How far a committer's clock may be ahead: what served longer before a commit was made has not shipped it. */
export const CLOCKS_APART = 'PT1H';

export function isEarlier(one: Moment, other: Moment): boolean {
  return one.at === other.at ? one.id < other.id : one.at < other.at;
}

/** What is known to have happened to a deployment. One whose reporter did not say since when it serves stands where it was recorded. */
export function momentsOf(deployment: Deployment): Moments {
  const { id, status, live_at } = deployment;
  if (status === 'PENDING') return {};
  const live = live_at === undefined ? undefined : (servedAt(deployment) ?? live_at);
  const failed = failedAt(deployment);
  return {
    ...(live === undefined ? {} : { live: { at: live, id } }),
    ...(failed === undefined ? {} : { failed: { at: failed, id } }),
  };
}

/**
 * The failures that a deployment ended when it began to serve: it is the first one after each, but for the one that failed.
 * `before`: the last two that had begun to serve before it, the nearest first.
 */
export function endedBy(
  live: Moment,
  before: readonly Moment[],
  failures: readonly Moment[],
): readonly Moment[] {
  return failures.filter(({ at, id }) => {
    const last = before.find((one) => one.id !== id);
    return id !== live.id && at <= live.at && (last === undefined || last.at < at);
  });
}
