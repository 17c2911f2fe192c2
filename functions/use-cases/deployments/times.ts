import type { DeploymentStatus } from '../../domain/deployment/deployment.ts';
import { addDuration, CLOCK_AHEAD } from '../../domain/instant.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

export type GivenTimes = {
  readonly deployed_at?: string;
  readonly completed_at?: string;
  readonly live_at?: string;
};
export type Times = {
  readonly deployed_at: string;
  readonly completed_at?: string;
  readonly live_at?: string;
};

/** How long ago "just now" may be for somebody who may not date back. */
const BEHIND = '-PT1M';

/**
 * When a deployment began, was decided and went live, from what its reporter says and what its status allows.
 * Nothing lies in the future, and `live_at` not in the past either unless `mayDateBack`: it is what `duration_hours` counts from.
 * All instants have the one fixed-width form, so text order is time order.
 */
export function settleTimes(
  given: GivenTimes,
  status: DeploymentStatus,
  now: string,
  mayDateBack: boolean,
): Times | Refusal {
  const latest = addDuration(now, CLOCK_AHEAD);
  for (const [field, instant] of Object.entries(given)) {
    if (instant > latest) return refuse('invalid_request', `${field} is in the future`, { field });
  }
  const wrong = wrongForStatus(given, status);
  if (wrong !== undefined) return wrong;
  if (given.live_at !== undefined && given.live_at < addDuration(now, BEHIND) && !mayDateBack) {
    return refuse(
      'not_authorized',
      'only a machine with the role recorder, or an admin, may date live_at back',
      {
        field: 'live_at',
        required: ['recorder', 'admin'],
      },
    );
  }
  return inOrder({
    deployed_at: earliest(given.deployed_at ?? given.live_at ?? given.completed_at ?? now, now),
    ...completion(given, status, now),
    ...liveTime(given.live_at, status, now),
  });
}

function wrongForStatus(given: GivenTimes, status: DeploymentStatus): Refusal | undefined {
  if (status === 'PENDING' && given.completed_at !== undefined) {
    return refuse('invalid_request', 'a PENDING deployment is not complete', { field: 'completed_at' });
  }
  if ((status === 'PENDING' || status === 'FAILED') && given.live_at !== undefined) {
    return refuse('invalid_request', `a ${status} deployment is not live`, { field: 'live_at' });
  }
  return undefined;
}

/** Who gives no time records what happens as it happens; where a beginning alone is given, the end may be long ago and stays unknown. */
function completion(given: GivenTimes, status: DeploymentStatus, now: string): { completed_at?: string } {
  const began = given.deployed_at ?? given.live_at;
  if (status === 'PENDING' || (began !== undefined && given.completed_at === undefined)) return {};
  return { completed_at: earliest(given.completed_at ?? now, now) };
}

function liveTime(given: string | undefined, status: DeploymentStatus, now: string): { live_at?: string } {
  if (given !== undefined) return { live_at: earliest(given, now) };
  return status === 'DEPLOYED' ? { live_at: now } : {};
}

function inOrder(times: Times): Times | Refusal {
  for (const field of ['completed_at', 'live_at'] as const) {
    const instant = times[field];
    if (instant !== undefined && instant < times.deployed_at) {
      return refuse('invalid_request', `${field} is before deployed_at`, { field });
    }
  }
  return times;
}

function earliest(a: string, b: string): string {
  return a < b ? a : b;
}
