import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { TRAITS } from '../../domain/kind-traits.ts';
import type { PromotionState } from '../../domain/promotion/state.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import { authorize } from './authorize.ts';

/**
 * Whether a reader of a promotion may see the values that it changes: a reader of its source, who decides on it, and every reader of its
 * target once the target holds them. An agent's are digests, which its manifest shows. Refuses `not_authorized`, naming the source.
 */
export async function maySeeChanges(
  deps: Pick<Deps, 'denials' | 'clock'>,
  principal: Principal,
  { request, source_environment, target_environment, status }: PromotionState,
): Promise<Refusal | undefined> {
  if (!TRAITS[request.kind].shows_values || status === 'completed' || status === 'rolled_back')
    return undefined;
  const decides = DECIDING.some((action) => may(principal, action, target_environment));
  return decides ? undefined : await authorize(deps, principal, 'read', source_environment);
}

const DECIDING = ['approve', 'execute'] as const;
