import type { CatalogStore } from '../../ports/catalog-store.ts';
import { concernsOneOf } from './concerns.ts';
import { catalogKey, catalogPartition } from './keys.ts';
import { pageBy, queryAll, queryWhere, readItem } from './read.ts';
import { DECODED } from './schemas/catalog.ts';
import type { Table } from './table.ts';

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
