import type { Deps } from '../deps.ts';
import { readsOnce } from './reads-once.ts';

export type Sharing = Pick<
  Deps,
  'catalog' | 'deployments' | 'heads' | 'promotions' | 'transactions' | 'sleep'
>;

/** What one request reads. `settled`: once every read that was begun has ended. */
export type SharedReads<D> = { readonly deps: D; settled(): Promise<void> };

/**
 * The reads of one request, each made once, so that a read may be begun before anybody needs it. A commit, and a pause before another
 * attempt, end that: what is read after them is read anew.
 */
export function sharedReads<D extends Sharing>(deps: D): SharedReads<D> {
  const { of, forget, settled } = readsOnce();
  return {
    deps: {
      ...deps,
      catalog: of('catalog', deps.catalog),
      deployments: of('deployments', deps.deployments),
      heads: of('heads', deps.heads),
      promotions: of('promotions', deps.promotions),
      transactions: {
        async commit(...asked: Parameters<Sharing['transactions']['commit']>) {
          try {
            return await deps.transactions.commit(...asked);
          } finally {
            forget();
          }
        },
      },
      async sleep(ms: number) {
        await deps.sleep(ms);
        forget();
      },
    },
    settled,
  };
}
