import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { PromotionRef } from '../../ports/promotion-store.ts';
import type { Impact, KindDeps } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { readPromotion } from './read.ts';

/** What executing the promotion would change in its target as that is now. */
export async function readImpact(deps: KindDeps, ref: PromotionRef): Promise<Impact | Refusal> {
  const state = await readPromotion(deps, ref);
  return isRefusal(state) ? state : await kindOf(state.request).impact(deps, state);
}
