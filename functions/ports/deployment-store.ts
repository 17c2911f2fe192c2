import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Page, PageRequest } from './page.ts';

export type DeploymentList =
  | { readonly by: 'environment'; readonly environment: string }
  | { readonly by: 'agent'; readonly agent: string };

/** Reads deployment records; written by `Transactions`. */
export interface DeploymentStore {
  /** Strongly consistent. */
  read(tenant: string, id: string): Promise<Deployment | undefined>;
  /** Newest first by `deployed_at`, which never changes: a report that comes late is listed where it belongs. */
  list(tenant: string, list: DeploymentList, page: PageRequest): Promise<Page<Deployment>>;
  /** Whether this deployment was already promoted by this version of a rule. */
  attempted(tenant: string, deployment_id: string, rule_id: string, rule_version: number): Promise<boolean>;
}
