import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { findEnvironment, sourceBefore } from '../../domain/promotion/pipeline.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Deps } from '../deps.ts';
import type { NewRequest } from '../promotions/request.ts';
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
  const source = await sourceOf(deps, principal.tenant, request);
  if (source === undefined || may(principal, 'read', source)) return undefined;
  const denied = await authorize(deps, principal, 'read', source);
  if (request.kind !== 'agent') return denied;
  return refuse('not_found', `there is no deployment ${request.source_deployment_id}`, {
    field: 'source_deployment_id',
  });
}

/** The environment that a request takes from; `undefined` where there is none, which planning refuses. */
async function sourceOf(
  deps: Pick<Deps, 'catalog' | 'deployments'>,
  tenant: string,
  request: NewRequest,
): Promise<string | undefined> {
  if (request.kind === 'agent') {
    return (await deps.deployments.read(tenant, request.source_deployment_id))?.environment;
  }
  const environments = await deps.catalog.all(tenant, 'environment');
  const { source_environment, target_environment } = request;
  return source_environment === undefined
    ? sourceBefore(environments, target_environment)?.name
    : findEnvironment(environments, source_environment)?.name;
}
