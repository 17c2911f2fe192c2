import { isRecord } from './json.ts';
import type { Functions } from './lambda/functions.ts';

/** The table is not one that this code may serve: the message says what to do. */
export class TableRefused extends Error {
  override readonly name = 'TableRefused';
}

/**
 * Asks the function of the template that judges the table, before anything is served or seeded, until it has nothing left to move; `tell`
 * hears how far it is. Throws `TableRefused`, or what keeps it from judging.
 */
export async function judgeTable(functions: Functions, tell: (line: string) => void): Promise<void> {
  for (const { name } of functions.definitions.filter(({ isJudge }) => isJudge)) {
    while (!(await isReady(functions, name, tell)));
  }
}

async function isReady(functions: Functions, name: string, tell: (line: string) => void): Promise<boolean> {
  const result = await functions.invoke(name, { migrate: true });
  if (!result.ok) throw new Error(`The table could not be judged: ${result.error.errorMessage}`);
  const { payload } = result;
  if (!isRecord(payload)) return true;
  if (payload['verdict'] === 'refuse') throw new TableRefused(String(payload['why']));
  if (Number(payload['moved'] ?? 0) > 0)
    tell(`Migrating the table to format ${payload['format']}: ${payload['moved']} items moved.`);
  return payload['done'] !== false;
}
