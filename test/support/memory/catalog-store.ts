import { catalogKey, catalogPartition } from '../../../functions/adapters/dynamodb/keys.ts';
import type { CatalogStore } from '../../../functions/ports/catalog-store.ts';
import type { Memory } from './cells.ts';
import { pageOf } from './paging.ts';

export function memoryCatalog(memory: Memory): CatalogStore {
  const rules = (tenant: string) => memory.rule.partition(catalogPartition(tenant, 'rule'));
  const policies = (tenant: string) => memory.policy.partition(catalogPartition(tenant, 'policy'));
  const gateways = (tenant: string) => memory.gateway.partition(catalogPartition(tenant, 'gateway'));
  return {
    environment: async (tenant, name) => memory.environment.get(catalogKey(tenant, 'environment', name)),
    environments: async (tenant) => memory.environment.partition(catalogPartition(tenant, 'environment')),
    rule: async (tenant, id) => memory.rule.get(catalogKey(tenant, 'rule', id)),
    rules: async (tenant) => rules(tenant),
    rulePage: async (tenant, page) => pageOf(rules(tenant), ({ id }) => id, page),
    policy: async (tenant, id) => memory.policy.get(catalogKey(tenant, 'policy', id)),
    policies: async (tenant) => policies(tenant),
    policyPage: async (tenant, page) => pageOf(policies(tenant), ({ id }) => id, page),
    gateway: async (tenant, id) => memory.gateway.get(catalogKey(tenant, 'gateway', id)),
    gateways: async (tenant) => gateways(tenant),
    gatewayPage: async (tenant, page) => pageOf(gateways(tenant), ({ id }) => id, page),
    freeze: async (tenant, id) => memory.freeze.get(catalogKey(tenant, 'freeze', id)),
    channel: async (tenant, id) => memory.channel.get(catalogKey(tenant, 'channel', id)),
    channels: async (tenant) => memory.channel.partition(catalogPartition(tenant, 'channel')),
    freezes: async (tenant) => memory.freeze.partition(catalogPartition(tenant, 'freeze')),
  };
}
