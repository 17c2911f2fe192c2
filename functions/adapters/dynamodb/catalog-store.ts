import type { CatalogStore, Nouns } from '../../ports/catalog-store.ts';
import { decodeBody } from './body.ts';
import { concernsOneOf } from './concerns.ts';
import { type Item, integer } from './item.ts';
import { catalogKey, catalogPartition } from './keys.ts';
import { pageBy, queryAll, queryWhere, readItem } from './read.ts';
import {
  artifactSettings,
  consumer,
  environment,
  flagKey,
  freeze,
  gateway,
  policy,
  registry,
  rule,
} from './schemas/catalog.ts';
import { pendingChange } from './schemas/change.ts';
import { channel } from './schemas/notification.ts';
import type { Table } from './table.ts';

/** How an item of each noun is read back. */
const DECODED: { readonly [N in keyof Nouns]: (found: Item) => Nouns[N] } = {
  // The guard is the item's own attribute: writes of rules raise it without reading the environment.
  environment: (found) => ({ ...decodeBody(found, environment), guard: integer(found, 'guard') }),
  rule: (found) => decodeBody(found, rule),
  policy: (found) => decodeBody(found, policy),
  gateway: (found) => decodeBody(found, gateway),
  registry: (found) => decodeBody(found, registry),
  consumer: (found) => decodeBody(found, consumer),
  artifact_settings: (found) => decodeBody(found, artifactSettings),
  flag_key: (found) => decodeBody(found, flagKey),
  channel: (found) => decodeBody(found, channel),
  freeze: (found) => decodeBody(found, freeze),
  pending_change: (found) => decodeBody(found, pendingChange),
};

export function dynamoCatalogStore(table: Table): CatalogStore {
  return {
    async item(tenant, noun, id) {
      const found = await readItem(table, catalogKey(tenant, noun, id));
      return found === undefined ? undefined : DECODED[noun](found);
    },
    async all(tenant, noun) {
      const found = await queryAll(table, { partition: catalogPartition(tenant, noun) });
      return found.map((each) => DECODED[noun](each));
    },
    async concerning(tenant, noun, names) {
      const found = await queryWhere(table, catalogPartition(tenant, noun), concernsOneOf(names));
      return found.map((each) => DECODED[noun](each));
    },
    page: async (tenant, noun, page) =>
      pageBy(table, { partition: catalogPartition(tenant, noun) }, page, DECODED[noun]),
  };
}
