import type { Deps } from '../deps.ts';

export type Sharing = Pick<
  Deps,
  'catalog' | 'deployments' | 'heads' | 'promotions' | 'transactions' | 'sleep'
>;

/** What one request reads. `settled`: once every read that was begun has ended. */
export type SharedReads<D> = { readonly deps: D; settled(): Promise<void> };

/**
 * The reads of one request, each made once: who asks for what was asked before gets the same answer, be it under way still. So a read may
 * be begun before anybody needs it. A commit, and a pause before another attempt, end that: what is read after them is read anew.
 */
export function sharedReads<D extends Sharing>(deps: D): SharedReads<D> {
  const kept = new Map<string, Promise<unknown>>();
  const begun: Promise<unknown>[] = [];
  const shared = <S extends object>(name: string, store: S): S =>
    new Proxy(store, {
      get(target, method) {
        const read = Reflect.get(target, method);
        if (typeof read !== 'function') return read;
        return (...asked: unknown[]) => {
          const key = JSON.stringify([name, method, asked]);
          const before = kept.get(key);
          if (before !== undefined) return before;
          const answer = (async () => read.apply(target, asked))();
          kept.set(key, answer);
          // One that nobody asks for may fail unheard; who asks for it hears of it.
          begun.push(answer.catch(() => undefined));
          return answer;
        };
      },
    });
  return {
    deps: {
      ...deps,
      catalog: shared('catalog', deps.catalog),
      deployments: shared('deployments', deps.deployments),
      heads: shared('heads', deps.heads),
      promotions: shared('promotions', deps.promotions),
      transactions: {
        async commit(...asked: Parameters<Sharing['transactions']['commit']>) {
          try {
            return await deps.transactions.commit(...asked);
          } finally {
            kept.clear();
          }
        },
      },
      async sleep(ms: number) {
        await deps.sleep(ms);
        kept.clear();
      },
    },
    async settled() {
      await Promise.all(begun);
    },
  };
}
