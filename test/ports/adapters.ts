import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoBearerStores } from '../../functions/adapters/dynamodb/bearer-stores.ts';
import { dynamoStores } from '../../functions/adapters/dynamodb/stores.ts';
import type { BearerStores, Stores } from '../../functions/ports/stores.ts';
import { type Engine, skipWithoutEngine, startEngine } from '../support/engine.ts';
import { memoryStore } from '../support/memory/store.ts';

/** What a contract is given: the stores under test, and a tenant nobody else uses. */
export type Bench = { readonly stores: () => Stores & BearerStores; readonly tenant: () => string };

/** Runs one contract on the memory adapter and on the table. `now` is what the stores take for the time. */
export function onBoth(title: string, contract: (bench: Bench) => void, now?: () => string): void {
  describe(`${title}, in memory`, () => {
    const memory = memoryStore(now);
    contract({ stores: () => memory, tenant: newTenant });
  });

  describe.skipIf(skipWithoutEngine())(`${title}, on the table`, () => {
    let engine: Engine | undefined;
    let stores: (Stores & BearerStores) | undefined;
    beforeAll(async () => {
      engine = await startEngine();
      stores = { ...dynamoStores(engine.table, now), ...dynamoBearerStores(engine.table) };
    });
    afterAll(() => engine?.stop());
    contract({
      stores() {
        if (stores === undefined) throw new Error('the engine has not started');
        return stores;
      },
      tenant: newTenant,
    });
  });
}

let tenants = 0;

function newTenant(): string {
  tenants += 1;
  return `tenant-${tenants}`;
}

/** Every item of a list, page by page. */
export async function everything<T>(
  list: (page: { limit: number; after?: string }) => Promise<{ items: readonly T[]; next?: string }>,
  limit: number,
): Promise<T[]> {
  const all: T[] = [];
  for (let after: string | undefined; ; ) {
    const page = await list(after === undefined ? { limit } : { limit, after });
    if (page.items.length > limit) throw new Error(`a page of ${page.items.length} for ${limit}`);
    all.push(...page.items);
    if (page.next === undefined) return all;
    after = page.next;
  }
}
