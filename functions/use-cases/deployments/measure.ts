import type { Deployment } from '../../domain/deployment/deployment.ts';
import { actorOf, type Principal } from '../../domain/identity/principal.ts';
import type { Json } from '../../domain/jcs.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { deploymentEvent, hint, MEASURED } from '../engine/deployment-hints.ts';
import { commitOrUnknown } from '../engine/run-command.ts';
import { RACE_LOST, untilCommitted } from '../engine/until-committed.ts';
import { protectedFrom, unauthorized } from './authority.ts';
import { denied } from './denied.ts';
import { slotOf } from './go-live.ts';
import { readDeployment } from './read.ts';

/** Numbers, texts and truths by name, in the two groups that conditions read (`tests.*`, `metrics.*`). */
export type Metrics = {
  readonly tests?: { readonly [name: string]: Json };
  readonly metrics?: { readonly [name: string]: Json };
};

export type MeasureInput = { readonly principal: Principal; readonly id: string; readonly metrics: Metrics };

/** Names kept per group: what conditions judge, not a time series. */
const MOST = 100;

type MeasureDeps = Pick<
  Deps,
  'transactions' | 'catalog' | 'heads' | 'deployments' | 'denials' | 'clock' | 'random' | 'sleep' | 'bus'
>;

/**
 * Merges run-time metrics into the deployment they were measured on: named ones are replaced, others stay.
 * Refuses `not_found`, `not_authorized`, `protected`, and `invalid_request` beyond 100 names in a group.
 */
export async function measureDeployment(
  deps: MeasureDeps,
  input: MeasureInput,
): Promise<Deployment | Refusal> {
  const now = deps.clock.now();
  const { principal } = input;
  const measured = await untilCommitted(deps, () => attempt(deps, input));
  if (isRefusal(measured)) return denied(deps, principal, 'measure_deployment', now, measured);
  await hint(deps, deploymentEvent(principal.tenant, MEASURED, measured, now));
  return measured;
}

async function attempt(
  deps: MeasureDeps,
  input: MeasureInput,
): Promise<Deployment | Refusal | typeof RACE_LOST> {
  const { principal, id } = input;
  const { tenant } = principal;
  const stored = await readDeployment(deps, { principal, id });
  if (isRefusal(stored)) return stored;
  const environment = await deps.catalog.item(tenant, 'environment', stored.environment);
  if (environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${stored.environment} any more`);
  }
  const refusal =
    unauthorized(principal, 'report_metrics', environment.name) ??
    protectedFrom(principal, environment, await deps.heads.read(tenant, slotOf(stored)));
  if (refusal !== undefined) return refusal;
  const metrics = merged(stored.metrics, input.metrics);
  if (isRefusal(metrics)) return metrics;
  const deployment = {
    ...stored,
    metrics,
    reported_by: actorOf(principal),
    version: stored.version + 1,
  };
  const result = await commitOrUnknown(deps, tenant, [
    { write: 'deployment', deployment, expected: stored.version },
  ]);
  return result !== 'unknown' && result.committed ? deployment : RACE_LOST;
}

function merged(stored: Deployment['metrics'], given: Metrics): Deployment['metrics'] | Refusal {
  const groups: [string, Json][] = Object.entries(stored);
  const result = new Map(groups);
  for (const group of ['tests', 'metrics'] as const) {
    const values = given[group];
    if (values === undefined) continue;
    const before = stored[group];
    const together = { ...(isGroup(before) ? before : {}), ...values };
    if (Object.keys(together).length > MOST) {
      return refuse('invalid_request', `a deployment keeps at most ${MOST} names in ${group}`, {
        field: group,
      });
    }
    result.set(group, together);
  }
  return Object.fromEntries(result);
}

function isGroup(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
