import { catalogKey, catalogPartition } from '../../../functions/adapters/dynamodb/keys.ts';
import {
  type CatalogStore,
  CONCERNS,
  type Noun,
  type Nouns,
} from '../../../functions/ports/catalog-store.ts';
import type { Memory, MemoryMap } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryCatalog(memory: Memory): CatalogStore {
  const cells: { readonly [N in Noun]: MemoryMap<Nouns[N]> } = memory;
  const all = <N extends Noun>(tenant: string, noun: N): readonly Nouns[N][] =>
    cells[noun].partition(catalogPartition(tenant, noun));
  return {
    item: async (tenant, noun, id) => cells[noun].get(catalogKey(tenant, noun, id)),
    all: async (tenant, noun) => all(tenant, noun),
    concerning: async (tenant, noun, names) =>
      all(tenant, noun).filter((item) => {
        const concerns = CONCERNS[noun](item);
        return concerns.some((name) => name === '*' || names.includes(name));
      }),
    page: async (tenant, noun, page) =>
      pageOf<Nouns[typeof noun]>(all(tenant, noun), (item) => ('id' in item ? item.id : item.name), page),
  };
}
