import type { PromotionRef } from '../../functions/ports/promotion-store.ts';
import type { Stores } from '../../functions/ports/stores.ts';
import type { Write } from '../../functions/ports/transaction.ts';

/** Where decisions are read again, and which promotions were committed to since they were. */
type Written = {
  readonly from: Pick<Stores, 'promotions' | 'evidence'>;
  readonly refs: Map<string, PromotionRef>;
};

export const written = new Set<Written>();

/** Where something was completed since it was exported, and for which tenants. */
export const completed = new Map<Pick<Stores, ExportedFrom>, Set<string>>();
type ExportedFrom = 'promotions' | 'heads' | 'evidence' | 'changes' | 'catalog' | 'denials';

/** Stores that note what is committed to them, so that its decisions are made again after the test, read over `from`; `exports`: what is completed is judged. */
export function noted<S extends Stores>(stores: S, from: Written['from'] = stores, exports = false): S {
  const refs: Written['refs'] = new Map();
  const { promotions, evidence } = from;
  const own = { from: { promotions, evidence }, refs };
  const { commit } = stores.transactions;
  return {
    ...stores,
    transactions: {
      commit(tenant, writes) {
        for (const write of writes) {
          if (write.write !== 'promotion') continue;
          // Noted whatever comes of it: a commit whose answer was lost has happened or has not.
          refs.set(`${tenant} ${write.state.id}`, { tenant, id: write.state.id });
          written.add(own);
          if (exports && completes(write))
            completed.set(stores, (completed.get(stores) ?? new Set()).add(tenant));
        }
        return commit(tenant, writes);
      },
    },
  };
}

const completes = ({ events }: Extract<Write, { readonly write: 'promotion' }>): boolean =>
  events.some(({ event }) => event.type === 'PromotionCompleted');

export type Replayed = { readonly promotions: number; readonly decisions: number };

let tally: Replayed = { promotions: 0, decisions: 0 };

export function countReplayed(decisions: number): void {
  tally = { promotions: tally.promotions + 1, decisions: tally.decisions + decisions };
}

/** How much was replayed since this was asked last. */
export function takeTally(): Replayed {
  const taken = tally;
  tally = { promotions: 0, decisions: 0 };
  return taken;
}
