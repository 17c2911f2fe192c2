import type { Environment } from '../../domain/catalog/environment.ts';
import { findEnvironment } from '../../domain/catalog/pipeline.ts';
import type { Deployment } from '../../domain/deployment/deployment.ts';
import type { Principal } from '../../domain/identity/principal.ts';
import { ACTIONS, may } from '../../domain/identity/roles.ts';
import { isId } from '../../domain/ids.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Kind, Subject } from '../../domain/subject.ts';
import type { DeploymentList } from '../../ports/deployment-store.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { Deps } from '../deps.ts';
import { unauthorized } from './authority.ts';
import { stillDeployed } from './take-back.ts';

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

/** What is asked of the history: of an environment (name or alias), an agent, or both. */
export type Asked = {
  readonly principal: Principal;
  readonly agent_id?: string;
  readonly environment?: string;
  readonly kind?: Kind;
  readonly page: PageRequest;
};

/**
 * Deployments of an agent, of an environment (name or alias), or of both, newest first; all or those of one kind.
 * Of an agent's, those in environments the caller may not read are left out; a page may be short while `next` says there is more,
 * since one call reads at most 500. Refuses `invalid_request` with neither, `unknown_environment` and `not_authorized`.
 */
export async function listDeployments(deps: ReadDeps, input: Asked): Promise<Page<Deployment> | Refusal> {
  const { principal, agent_id, kind, page } = input;
  const place =
    input.environment === undefined ? undefined : await placeOf(deps, principal, input.environment);
  if (place !== undefined && 'refused' in place) return place;
  if (agent_id === undefined && place === undefined) {
    return refuse('invalid_request', 'give agent_id, environment, or both', { field: 'agent_id' });
  }
  const list: DeploymentList =
    agent_id === undefined && place !== undefined
      ? { by: 'environment', environment: place.name }
      : { by: 'subject', subject: { kind: 'agent', name: agent_id ?? '' } };
  return await filtered(deps, principal, list, page, ({ environment, subject, created_at }) => {
    // What was deleted and made again under its name is another environment: what was recorded before is not its history.
    const own = environment === place?.name && created_at >= place.created_at;
    const there = place === undefined ? may(principal, 'read', environment) : own;
    return there && (kind === undefined || subject.kind === kind);
  });
}

/**
 * An artifact's deployments of one version, or from one branch, newest first, in the environments that the caller may read.
 * Refuses `not_authorized` to callers who may read nowhere.
 */
export async function deploymentsOf(
  deps: Pick<Deps, 'deployments'>,
  input: {
    readonly principal: Principal;
    readonly list: Extract<DeploymentList, { readonly by: 'label' | 'branch' }>;
    readonly page: PageRequest;
  },
): Promise<Page<Deployment> | Refusal> {
  const { principal, list, page } = input;
  if (!may(principal, 'read')) return noReader();
  return await filtered(deps, principal, list, page, ({ environment }) =>
    may(principal, 'read', environment),
  );
}

/** Deployments that one call reads at most, to fill a page that is filtered. */
const MOST = 500;

async function filtered(
  deps: Pick<Deps, 'deployments'>,
  { tenant }: Principal,
  list: DeploymentList,
  page: PageRequest,
  wanted: (deployment: Deployment) => boolean,
): Promise<Page<Deployment>> {
  const items: Deployment[] = [];
  let { after } = page;
  let read = 0;
  do {
    const limit = page.limit - items.length;
    const found = await deps.deployments.list(tenant, list, {
      limit,
      ...(after === undefined ? {} : { after }),
    });
    items.push(...found.items.filter(wanted));
    read += limit;
    after = found.next;
  } while (after !== undefined && items.length < page.limit && read < MOST);
  return after === undefined ? { items } : { items, next: after };
}

/**
 * What a subject's head in an environment says is active: its deployment. Where that was taken back since and the head stayed, the newest
 * earlier one that is still DEPLOYED serves. Refuses `unknown_environment`, `not_authorized`, `not_found`.
 */
export async function currentDeployment(
  deps: ReadDeps,
  input: { readonly principal: Principal; readonly subject: Subject; readonly environment: string },
): Promise<Deployment | Refusal> {
  const { principal, subject } = input;
  const place = await placeOf(deps, principal, input.environment);
  if ('refused' in place) return place;
  const head = await deps.heads.read(principal.tenant, { subject, environment: place.name });
  const active =
    head?.deployment_id === undefined
      ? undefined
      : await deps.deployments.read(principal.tenant, head.deployment_id);
  if (head === undefined || active === undefined)
    return refuse('not_found', `nothing was deployed to ${place.name} yet`);
  if (active.status !== 'ROLLED_BACK' && active.status !== 'FAILED') return active;
  return (await stillDeployed(deps, principal.tenant, head, active.id)) ?? active;
}

function noReader(): Refusal {
  return refuse('not_authorized', `requires the role ${ACTIONS.read.join(' or ')}`, {
    required: ACTIONS.read,
  });
}

async function placeOf(
  deps: Pick<Deps, 'catalog'>,
  principal: Principal,
  nameOrAlias: string,
): Promise<Pick<Environment, 'name' | 'created_at'> | Refusal> {
  const environment = findEnvironment(await deps.catalog.all(principal.tenant, 'environment'), nameOrAlias);
  if (environment === undefined) {
    return refuse('unknown_environment', `there is no environment ${nameOrAlias}`, { field: 'environment' });
  }
  return unauthorized(principal, 'read', environment.name) ?? environment;
}
