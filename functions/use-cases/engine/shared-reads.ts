import type { CommitResult, Transactions } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';

type Commit = Parameters<Transactions['commit']>;

export type Sharing = Pick<Deps, 'catalog' | 'heads'> &
  Partial<Pick<Deps, 'deployments' | 'promotions' | 'transactions' | 'sleep'>>;

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
  const ending =
    <A extends unknown[], R>(act: (...asked: A) => Promise<R>) =>
    async (...asked: A): Promise<R> => {
      try {
        return await act(...asked);
      } finally {
        kept.clear();
      }
    };
  const { catalog, heads, deployments, promotions, transactions, sleep } = deps;
  return {
    deps: {
      ...deps,
      catalog: shared('catalog', catalog),
      heads: shared('heads', heads),
      ...(deployments && { deployments: shared('deployments', deployments) }),
      ...(promotions && { promotions: shared('promotions', promotions) }),
      ...(transactions && {
        transactions: { commit: ending<Commit, CommitResult>((...given) => transactions.commit(...given)) },
      }),
      ...(sleep && { sleep: ending((ms: number) => sleep(ms)) }),
    },
    async settled() {
      await Promise.all(begun);
    },
  };
}
