import type { CatalogStore } from '../../ports/catalog-store.ts';
import { concernsOneOf } from './concerns.ts';
import { text } from './item.ts';
import { catalogKey, catalogRange, governingNoun, governingPartition } from './keys.ts';
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
      const found = await queryAll(table, catalogRange(tenant, noun));
      return found.map((each) => DECODED[noun](each));
    },
    async concerning(tenant, noun, names) {
      const found = await queryWhere(table, catalogRange(tenant, noun), concernsOneOf(names));
      return found.map((each) => DECODED[noun](each));
    },
    async governing(tenant, names) {
      const range = { partition: governingPartition(tenant) };
      const found = await queryWhere(table, range, concernsOneOf(names));
      const of = (noun: string) => found.filter((each) => governingNoun(text(each, 'SK')) === noun);
      return {
        rules: of('rule').map(DECODED.rule),
        policies: of('policy').map(DECODED.policy),
        freezes: of('freeze').map(DECODED.freeze),
      };
    },
    page: async (tenant, noun, page) => pageBy(table, catalogRange(tenant, noun), page, DECODED[noun]),
  };
}
