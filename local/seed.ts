import type { DatabaseSync } from 'node:sqlite';
import type { Person } from './identity/demo-people.ts';
import type { Functions } from './lambda/functions.ts';
import { readFact, recordFact } from './store.ts';

/**
 * Invokes the seed function of the template on a data directory that was never seeded, with
 * `{people, demo}`. A crash before the end makes it run again, so it must be idempotent. Throws when it fails.
 */
export async function seedOnce(
  database: DatabaseSync,
  functions: Functions,
  people: readonly Person[],
  demo: boolean,
): Promise<void> {
  if (readFact(database, 'seeded_at') !== undefined) return;
  for (const { name } of functions.definitions.filter(({ isSeed }) => isSeed)) {
    const result = await functions.invoke(name, { people, demo });
    if (!result.ok)
      throw new Error(`Seeding failed: ${result.error.errorType}: ${result.error.errorMessage}`);
  }
  recordFact(database, 'seeded_at', new Date().toISOString());
}
