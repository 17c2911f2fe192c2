import { promotionTrace } from '../../domain/trace/promotion-trace.ts';
import { otlpTraces } from '../../domain/trace/span.ts';
import type { Exported, Traces } from '../../ports/traces.ts';
import type { RecordRef } from '../artifacts/attach-record.ts';
import type { Deps } from '../deps.ts';

export type TraceDeps = Pick<Deps, 'promotions' | 'deployments'> & {
  /** Absent where the installation names no receiver. */
  readonly traces?: Traces | undefined;
};

/**
 * Sends a promotion that has ended as one trace. Sending it again sends the same spans under the same ids, of which a receiver keeps
 * one. The promotion is over, whatever becomes of this.
 */
export async function sendTrace(deps: TraceDeps, { tenant, promotion_id }: RecordRef): Promise<Exported> {
  const { traces } = deps;
  if (traces === undefined) return { outcome: 'sent' };
  const state = (await deps.promotions.read(tenant, promotion_id))?.state;
  if (state === undefined) return { outcome: 'sent' };
  const deployment =
    'deployment_id' in state && state.deployment_id !== undefined
      ? await deps.deployments.read(tenant, state.deployment_id)
      : undefined;
  const spans = promotionTrace(await deps.promotions.events(tenant, promotion_id), deployment);
  if (spans === undefined) return { outcome: 'sent' };
  return await traces.export(otlpTraces(traces.service, spans));
}
