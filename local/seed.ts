import type { DatabaseSync } from 'node:sqlite';
import type { Machine, Person } from './identity/demo-people.ts';
import type { Functions } from './lambda/functions.ts';
import { readFact, recordFact } from './store.ts';

/** The event of the seed function. */
export interface Seed {
  readonly people: readonly Person[];
  readonly machines: readonly Machine[];
  /** The registry of this machine, by its address now. */
  readonly registry: { readonly tenant_id: string; readonly id: string; readonly url: string };
  /** Whether demo data is wanted beside them. */
  readonly demo: boolean;
}

/** Whether a data directory was seeded by an earlier start. */
export const isSeeded = (database: DatabaseSync): boolean => readFact(database, 'seeded_at') !== undefined;

/**
 * Invokes the seed function of the template on a data directory that was never seeded, and for the registry alone when the runtime has
 * another address. A crash before the end makes it run again, so it must be idempotent. Throws when it fails.
 */
export async function seedOnce(database: DatabaseSync, functions: Functions, seed: Seed): Promise<void> {
  const seeded = isSeeded(database);
  if (seeded && readFact(database, 'seeded_url') === seed.registry.url) return;
  const event: Seed = seeded ? { ...seed, people: [], machines: [] } : seed;
  for (const { name } of functions.definitions.filter(({ isSeed }) => isSeed)) {
    const result = await functions.invoke(name, event);
    if (!result.ok)
      throw new Error(`Seeding failed: ${result.error.errorType}: ${result.error.errorMessage}`);
  }
  recordFact(database, 'seeded_url', seed.registry.url);
  recordFact(database, 'seeded_at', new Date().toISOString());
}
