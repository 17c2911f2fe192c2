import { latest } from '../../domain/instant.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Head } from '../../domain/subject.ts';
import type { Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

/**
 * What a rollback writes of the deployment that it takes off its slot: it has been rolled back from now on, and had failed by the time
 * at which its rollback was requested. Nothing for other promotions.
 */
export async function ended(
  { deployments }: Pick<Deps, 'deployments'>,
  { type, tenant, requested_at }: Pick<PromotionState, 'type' | 'tenant' | 'requested_at'>,
  { deployment_id }: Pick<Head, 'deployment_id'>,
  now: string,
): Promise<readonly Write[]> {
  if (type !== 'rollback' || deployment_id === undefined) return [];
  const gone = await deployments.read(tenant, deployment_id);
  if (gone?.status !== 'DEPLOYED') return [];
  const { version, live_at = requested_at } = gone;
  const failed_at = latest(requested_at, live_at);
  const deployment = {
    ...gone,
    status: 'ROLLED_BACK',
    failed_at,
    ended_at: now,
    version: version + 1,
  } as const;
  return [{ write: 'deployment', deployment, expected: version }];
}
