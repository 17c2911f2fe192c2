import { catalogKey, catalogRange } from '../../../functions/adapters/dynamodb/keys.ts';
import {
  type CatalogStore,
  CONCERNS,
  type Noun,
  type Nouns,
  type ScopedNoun,
} from '../../../functions/ports/catalog-store.ts';
import type { Memory, MemoryMap } from './memory-map.ts';
import { pageOf } from './paging.ts';

export function memoryCatalog(memory: Memory): CatalogStore {
  const cells: { readonly [N in Noun]: MemoryMap<Nouns[N]> } = memory;
  const all = <N extends Noun>(tenant: string, noun: N): readonly Nouns[N][] =>
    cells[noun].partition(catalogRange(tenant, noun).partition);
  const concerning = <N extends ScopedNoun>(tenant: string, noun: N, names: readonly string[]) =>
    all(tenant, noun).filter((item) => {
      const concerns = CONCERNS[noun](item);
      return concerns.some((name) => name === '*' || names.includes(name));
    });
  return {
    item: async (tenant, noun, id) => cells[noun].get(catalogKey(tenant, noun, id)),
    all: async (tenant, noun) => all(tenant, noun),
    concerning: async (tenant, noun, names) => concerning(tenant, noun, names),
    governing: async (tenant, names) => ({
      rules: concerning(tenant, 'rule', names),
      policies: concerning(tenant, 'policy', names),
      freezes: concerning(tenant, 'freeze', names),
    }),
    page: async (tenant, noun, page) =>
      pageOf<Nouns[typeof noun]>(all(tenant, noun), (item) => ('id' in item ? item.id : item.name), page),
  };
}
