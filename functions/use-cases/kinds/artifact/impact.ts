import type { PromotionState } from '../../../domain/promotion/state.ts';
import type { Impact, KindDeps } from '../kind.ts';
import { slotOf } from './slot.ts';

/** Which version of the environment would be replaced, under which tags and in which registries. */
export async function impactOf(deps: KindDeps, state: PromotionState): Promise<Impact> {
  const { tenant, request, target_environment, seal, id } = state;
  const head = await deps.heads.read(tenant, slotOf(request, target_environment));
  const live =
    head?.deployment_id === undefined ? undefined : await deps.deployments.read(tenant, head.deployment_id);
  const holder = head?.claim?.promotion;
  return {
    environment: target_environment,
    changes: seal.plan.change_set,
    replaces: live,
    target_moved: (head?.digest ?? null) !== seal.plan.base.digest,
    held_by: holder === id ? undefined : holder,
  };
}
