import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { may } from '../../domain/identity/roles.ts';
import { isId } from '../../domain/ids.ts';
import { findEnvironment } from '../../domain/promotion/pipeline.ts';
import type { Subject } from '../../domain/promotion/subject.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';
import { unauthorized } from './authority.ts';

type ReadDeps = Pick<Deps, 'catalog' | 'deployments' | 'heads'>;

/** One deployment of the caller's tenant. Whoever may not read its environment does not find it: `not_found`. */
export async function readDeployment(
  deps: Pick<Deps, 'deployments'>,
  input: { readonly principal: Principal; readonly id: string },
): Promise<Deployment | Refusal> {
  const { principal, id } = input;
  const deployment = isId(id) ? await deps.deployments.read(principal.tenant, id) : undefined;
  if (deployment !== undefined && may(principal, 'read', deployment.environment)) return deployment;
  return refuse('not_found', `there is no deployment ${id}`);
}

/**
 * Deployments of an agent, of an environment (name or alias), or of both, newest first.
 * Of an agent's, those in environments the caller may not read are left out; a page may be short while `next` says there is more.
 * Refuses `invalid_request` with neither, `unknown_environment` and `not_authorized`.
 */
export async function listDeployments(
  deps: ReadDeps,
  input: {
    readonly principal: Principal;
    readonly agent_id?: string;
    readonly environment?: string;
    readonly page: PageRequest;
  },
): Promise<Page<Deployment> | Refusal> {
  const { principal, agent_id, page } = input;
  const place =
    input.environment === undefined ? undefined : await placeOf(deps, principal, input.environment);
  if (place !== undefined && 'refused' in place) return place;
  if (agent_id === undefined) {
    if (place === undefined) {
      return refuse('invalid_request', 'give agent_id, environment, or both', { field: 'agent_id' });
    }
    return deps.deployments.list(principal.tenant, { by: 'environment', environment: place.name }, page);
  }
  const found = await deps.deployments.list(principal.tenant, { by: 'agent', agent: agent_id }, page);
  const wanted = ({ environment }: Deployment) =>
    place === undefined ? may(principal, 'read', environment) : environment === place.name;
  return { ...found, items: found.items.filter(wanted) };
}

/** What a subject's head in an environment says is active: its deployment. Refuses `unknown_environment`, `not_authorized`, `not_found`. */
export async function currentDeployment(
  deps: ReadDeps,
  input: { readonly principal: Principal; readonly subject: Subject; readonly environment: string },
): Promise<Deployment | Refusal> {
  const { principal, subject } = input;
  const place = await placeOf(deps, principal, input.environment);
  if ('refused' in place) return place;
  const head = await deps.heads.read(principal.tenant, { subject, environment: place.name });
  const deployment =
    head?.deployment_id === undefined
      ? undefined
      : await deps.deployments.read(principal.tenant, head.deployment_id);
  return deployment ?? refuse('not_found', `nothing was deployed to ${place.name} yet`);
}

async function placeOf(
  deps: Pick<Deps, 'catalog'>,
  principal: Principal,
  nameOrAlias: string,
): Promise<{ readonly name: string } | Refusal> {
  const environment = findEnvironment(await deps.catalog.all(principal.tenant, 'environment'), nameOrAlias);
  if (environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${nameOrAlias}`, { field: 'environment' });
  }
  return unauthorized(principal, 'read', environment.name) ?? environment;
}
