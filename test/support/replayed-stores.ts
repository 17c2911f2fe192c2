import type { Doors, Stores } from '../../functions/ports/stores.ts';
import { memoryStore } from './memory/store.ts';
import { noted } from './written.ts';

/** A store in memory, whose every decision is replayed after the test that made it. */
export function memoryStores(now?: () => string): Stores & Doors {
  return noted(memoryStore(now));
}
