import { dynamoDoors } from '../../functions/adapters/dynamodb/doors.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import type { Table } from '../../functions/adapters/dynamodb/table.ts';
import { recordedDecisions } from '../../functions/domain/promotion/recorded-decisions.ts';
import { isRefusal } from '../../functions/domain/refusal.ts';
import type { PromotionRef } from '../../functions/ports/promotion-store.ts';
import type { Doors, Stores } from '../../functions/ports/stores.ts';
import { replayDecision } from '../../functions/use-cases/promotions/replay-decision.ts';
import { memoryStore } from './memory/store.ts';

/** Where decisions are read again, and which promotions were committed to since they were. */
type Written = {
  readonly from: Pick<Stores, 'promotions' | 'evidence'>;
  readonly refs: Map<string, PromotionRef>;
};

const written = new Set<Written>();
let tally: Replayed = { promotions: 0, decisions: 0 };

/** A store in memory, whose every decision is replayed after the test that made it. */
export function memoryStores(now?: () => string): Stores & Doors {
  return noted(memoryStore(now));
}

/** The stores of a table, whose every decision is replayed after the test that made it; read over `calm` where `table` is disturbed. */
export function tableStores(table: Table, now?: () => string, calm = table): Stores & Doors {
  const stores = { ...dynamoStores(table, now), ...dynamoDoors(table) };
  return noted(stores, calm === table ? stores : dynamoStores(calm, now));
}

function noted<S extends Stores>(stores: S, from: Written['from'] = stores): S {
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
        }
        return commit(tenant, writes);
      },
    },
  };
}

export type Replayed = { readonly promotions: number; readonly decisions: number };

/** How much was replayed since this was asked last. */
export function takeTally(): Replayed {
  const taken = tally;
  tally = { promotions: 0, decisions: 0 };
  return taken;
}

/**
 * Makes every decision again that any store has kept since the last call. Throws on one that comes out otherwise, and on a promotion
 * without any: none is ever stored undecided.
 */
export async function replayWritten(): Promise<void> {
  const taken = [...written].map(({ from, refs }) => ({ from, refs: [...refs.values()] }));
  for (const { refs } of written) refs.clear();
  written.clear();
  for (const { from, refs } of taken) {
    for (const ref of refs) {
      const events = await from.promotions.events(ref.tenant, ref.id);
      if (events.length === 0) continue;
      const made = recordedDecisions(events);
      if (made.length === 0) throw new Error(`${ref.id} was stored without a decision`);
      for (const { seq } of made) {
        const replay = await replayDecision(from, { ...ref, seq });
        if (isRefusal(replay)) throw new Error(`${ref.id} event ${seq} cannot be replayed: ${replay.detail}`);
        if (!replay.same)
          throw new Error(`${ref.id} event ${seq} is decided otherwise: ${JSON.stringify(replay)}`);
      }
      tally = { promotions: tally.promotions + 1, decisions: tally.decisions + made.length };
    }
  }
}
