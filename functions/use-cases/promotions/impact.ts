import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Impact, KindDeps } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';

/** What executing the promotion would change in its target as that is now. */
export async function readImpact(deps: KindDeps, state: PromotionState): Promise<Impact> {
  return await kindOf(state.request).impact(deps, state);
}
