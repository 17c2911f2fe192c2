import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { authorize } from './authorize.ts';

/** A promotion that somebody may read. One of an environment in which they read nothing is as unknown as one that is not there. */
export async function readable(
  deps: Pick<Deps, 'promotions' | 'denials' | 'clock'>,
  principal: Principal,
  id: string,
): Promise<PromotionState | Refusal> {
  const refusal = await authorize(deps, principal, 'read');
  if (refusal !== undefined) return refusal;
  const stored = await deps.promotions.read(principal.tenant, id);
  if (stored !== undefined && may(principal, 'read', stored.state.target_environment)) return stored.state;
  return refuse('not_found', `there is no promotion ${id}`);
}
