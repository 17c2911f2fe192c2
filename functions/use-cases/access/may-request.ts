import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import type { NewRequest } from '../kinds/kind.ts';
import { kindOf } from '../kinds/registry.ts';
import { authorize } from './authorize.ts';
import { authorizeIn } from './authorize-in.ts';

type AccessDeps = Pick<Deps, 'catalog' | 'deployments' | 'denials' | 'clock'>;

/**
 * Whether somebody may request a promotion: to its target, and from a source that they may read, since the target's readers see what is
 * taken there. Asked before anything is planned, so that no refusal tells of a source. Refuses `not_authorized`, `unknown_environment`,
 * and `not_found` for a deployment that the caller may not see.
 */
export async function mayRequest(
  deps: AccessDeps,
  principal: Principal,
  request: NewRequest,
): Promise<Refusal | undefined> {
  const refusal = await authorizeIn(deps, principal, 'request', request.target_environment);
  if (refusal !== undefined) return refusal;
  const kind = kindOf(request);
  const source = await kind.sourceOf(deps, principal.tenant, request);
  if (source === undefined || may(principal, 'read', source)) return undefined;
  const denied = await authorize(deps, principal, 'read', source);
  return kind.unseen?.(request) ?? denied;
}
