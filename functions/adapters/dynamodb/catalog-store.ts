import type * as z from 'zod/mini';
import type { CatalogStore } from '../../ports/catalog-store.ts';
import type { CatalogItem } from '../../ports/transaction.ts';
import { decodeBody } from './body.ts';
import { type Item, integer } from './item.ts';
import { catalogKey, catalogPartition } from './keys.ts';
import { bodyPage, queryAll, readBody, readItem } from './read.ts';
import { environment, freeze, gateway, policy, rule } from './schemas/catalog.ts';
import { channel } from './schemas/notification.ts';
import type { Table } from './table.ts';

export function dynamoCatalogStore(table: Table): CatalogStore {
  const all = async <T>(tenant: string, type: CatalogItem['type'], schema: z.ZodMiniType<T>) => {
    const found = await queryAll(table, { partition: catalogPartition(tenant, type) });
    return found.map((each) => decodeBody(each, schema));
  };
  return {
    async environment(tenant, name) {
      const found = await readItem(table, catalogKey(tenant, 'environment', name));
      return found === undefined ? undefined : guarded(found);
    },
    async environments(tenant) {
      const found = await queryAll(table, { partition: catalogPartition(tenant, 'environment') });
      return found.map(guarded);
    },
    rule: async (tenant, id) => readBody(table, catalogKey(tenant, 'rule', id), rule),
    rules: async (tenant) => all(tenant, 'rule', rule),
    rulePage: async (tenant, page) =>
      bodyPage(table, { partition: catalogPartition(tenant, 'rule') }, page, rule),
    policy: async (tenant, id) => readBody(table, catalogKey(tenant, 'policy', id), policy),
    policies: async (tenant) => all(tenant, 'policy', policy),
    policyPage: async (tenant, page) =>
      bodyPage(table, { partition: catalogPartition(tenant, 'policy') }, page, policy),
    gateway: async (tenant, id) => readBody(table, catalogKey(tenant, 'gateway', id), gateway),
    gateways: async (tenant) => all(tenant, 'gateway', gateway),
    gatewayPage: async (tenant, page) =>
      bodyPage(table, { partition: catalogPartition(tenant, 'gateway') }, page, gateway),
    channel: async (tenant, id) => readBody(table, catalogKey(tenant, 'channel', id), channel),
    channels: async (tenant) => all(tenant, 'channel', channel),
    freeze: async (tenant, id) => readBody(table, catalogKey(tenant, 'freeze', id), freeze),
    freezes: async (tenant) => all(tenant, 'freeze', freeze),
  };
}

/** The guard is the item's own attribute: writes of rules raise it without reading the environment. */
function guarded(found: Item) {
  return { ...decodeBody(found, environment), guard: integer(found, 'guard') };
}
