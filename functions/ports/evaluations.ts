import type { Deployment } from '../domain/deployment/deployment.ts';
import type { DeploymentRef } from './deployment-store.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * When rules are to be asked about deployments of agents. Every write of one that is not PENDING asks at once; while it is not
 * counted, `DeploymentStore.uncounted` lists it instead.
 */
export interface Evaluations {
  /** Of all tenants, up to an instant, oldest first; a moment late. */
  due(until: string, page: PageRequest): Promise<Page<DeploymentRef>>;
  /** Rules are to be asked then, or no more; `false` when the deployment has changed since that version, or is not counted. */
  decide(
    tenant: string,
    deployment: Pick<Deployment, 'id' | 'version'>,
    at: string | undefined,
  ): Promise<boolean>;
}
