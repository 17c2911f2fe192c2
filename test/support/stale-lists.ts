import type { HeadStore } from '../../functions/ports/head-store.ts';
import type { PromotionStore } from '../../functions/ports/promotion-store.ts';
import type { Stores } from '../../functions/ports/stores.ts';

/** Stores whose indexes stopped: lists show only what was in them when `stop` was called, though each item as it is now. */
export function staleLists<S extends Pick<Stores, 'heads' | 'promotions'>>(stores: S) {
  let heads: ReadonlySet<string> | undefined;
  let promotions: ReadonlySet<string> | undefined;
  return {
    ...stores,
    async stop(tenant: string, environments: readonly string[]) {
      const pages = environments.map((name) => stores.heads.inEnvironment(tenant, name, { limit: 100 }));
      const listed = (await Promise.all(pages)).flatMap(({ items }) => items);
      heads = new Set(listed.map(({ slot }) => JSON.stringify(slot)));
      const all = await stores.promotions.list(tenant, {}, { limit: 100 });
      promotions = new Set(all.items.map(({ id }) => id));
    },
    heads: {
      ...stores.heads,
      async inEnvironment(...asked: Parameters<HeadStore['inEnvironment']>) {
        const page = await stores.heads.inEnvironment(...asked);
        return { ...page, items: page.items.filter(({ slot }) => heads?.has(JSON.stringify(slot)) ?? true) };
      },
    },
    promotions: {
      ...stores.promotions,
      async list(...asked: Parameters<PromotionStore['list']>) {
        const page = await stores.promotions.list(...asked);
        return { ...page, items: page.items.filter(({ id }) => promotions?.has(id) ?? true) };
      },
    },
  };
}
