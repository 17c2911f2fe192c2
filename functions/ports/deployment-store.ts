import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Subject } from '../domain/subject.ts';
import type { Page, PageRequest } from './page.ts';

export type DeploymentList =
  | { readonly by: 'environment'; readonly environment: string }
  /** In all environments. */
  | { readonly by: 'subject'; readonly subject: Subject }
  /** An artifact's deployments of one version. */
  | { readonly by: 'label'; readonly subject: Subject; readonly label: string }
  | { readonly by: 'branch'; readonly subject: Subject; readonly branch: string };

/** Which deployment. */
export type DeploymentRef = { readonly tenant: string; readonly id: string };

/** Reads deployment records; written by `Transactions`. */
export interface DeploymentStore {
  /** Strongly consistent. */
  read(tenant: string, id: string): Promise<Deployment | undefined>;
  /** Newest first by `deployed_at`, which never changes: a report that comes late is listed where it belongs. */
  list(tenant: string, list: DeploymentList, page: PageRequest): Promise<Page<Deployment>>;
  /** Deployments of a subject that began on a day (UTC, `2026-11-22`), in all environments, oldest first. */
  ofDay(tenant: string, subject: Subject, day: string): Promise<readonly Deployment[]>;
  /** Deployments of all tenants that changed up to an instant and are not counted as they are, oldest first; a moment late. */
  uncounted(until: string, page: PageRequest): Promise<Page<DeploymentRef>>;
  /** Whether this deployment was already promoted by this version of a rule. */
  attempted(tenant: string, deployment_id: string, rule_id: string, rule_version: number): Promise<boolean>;
}
