import type { BearerStores, Stores } from '../../functions/ports/stores.ts';
import { everythingIn as contentsOf, memoryStore } from './memory/store.ts';
import { noted } from './written.ts';

/** A store in memory, whose every decision is replayed after the test that made it. */
export function memoryStores(now?: () => string): Stores & BearerStores {
  const stores = memoryStore(now);
  return noted(stores, stores, true);
}

/** All that a store in memory holds, to the byte. */
export const everythingIn = (stores: Pick<Stores, 'promotions'>): string => contentsOf(stores);
