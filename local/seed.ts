import type { DatabaseSync } from 'node:sqlite';
import type { Machine, Person } from './identity/demo-people.ts';
import type { Functions } from './lambda/functions.ts';
import { readFact, recordFact } from './store.ts';

/** The event of the seed function. */
export interface Seed {
  readonly people: readonly Person[];
  readonly machines: readonly Machine[];
  /** Whether demo data is wanted beside them. */
  readonly demo: boolean;
}

/**
 * Invokes the seed function of the template on a data directory that was never seeded. A crash before the end makes it run again, so it must be idempotent. Throws when it fails.
 */
export async function seedOnce(database: DatabaseSync, functions: Functions, seed: Seed): Promise<void> {
  if (readFact(database, 'seeded_at') !== undefined) return;
  for (const { name } of functions.definitions.filter(({ isSeed }) => isSeed)) {
    const result = await functions.invoke(name, seed);
    if (!result.ok)
      throw new Error(`Seeding failed: ${result.error.errorType}: ${result.error.errorMessage}`);
  }
  recordFact(database, 'seeded_at', new Date().toISOString());
}
