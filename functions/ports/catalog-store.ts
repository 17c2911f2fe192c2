import type { ApprovalPolicy } from '../domain/catalog/approval-policy.ts';
import type { Environment } from '../domain/catalog/environment.ts';
import type { Gateway } from '../domain/catalog/gateway.ts';
import type { Rule } from '../domain/catalog/rule.ts';
import type { Freeze } from '../domain/freeze/freeze.ts';
import type { Channel } from '../domain/notification/channel.ts';
import type { Page, PageRequest } from './page.ts';

/**
 * Reads the catalog, strongly consistent. Environments, policies, rules, channels and freezes of a tenant are few (at most some hundreds):
 * `all*` reads every page.
 */
export interface CatalogStore {
  environment(tenant: string, name: string): Promise<Environment | undefined>;
  environments(tenant: string): Promise<readonly Environment[]>;
  rule(tenant: string, id: string): Promise<Rule | undefined>;
  rules(tenant: string): Promise<readonly Rule[]>;
  rulePage(tenant: string, page: PageRequest): Promise<Page<Rule>>;
  policy(tenant: string, id: string): Promise<ApprovalPolicy | undefined>;
  policies(tenant: string): Promise<readonly ApprovalPolicy[]>;
  policyPage(tenant: string, page: PageRequest): Promise<Page<ApprovalPolicy>>;
  gateway(tenant: string, id: string): Promise<Gateway | undefined>;
  gateways(tenant: string): Promise<readonly Gateway[]>;
  gatewayPage(tenant: string, page: PageRequest): Promise<Page<Gateway>>;
  channel(tenant: string, id: string): Promise<Channel | undefined>;
  channels(tenant: string): Promise<readonly Channel[]>;
  freeze(tenant: string, id: string): Promise<Freeze | undefined>;
  freezes(tenant: string): Promise<readonly Freeze[]>;
}
