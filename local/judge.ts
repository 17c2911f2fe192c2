import { isRecord } from './json.ts';
import type { Functions } from './lambda/functions.ts';

/** The table is not one that this code may serve: the message says what to do. */
export class TableRefused extends Error {
  override readonly name = 'TableRefused';
}

/** Asks the function of the template that judges the table, before anything is served or seeded. Throws `TableRefused`, or what keeps it from judging. */
export async function judgeTable(functions: Functions): Promise<void> {
  for (const { name } of functions.definitions.filter(({ isJudge }) => isJudge)) {
    const result = await functions.invoke(name, { migrate: true });
    if (!result.ok) throw new Error(`The table could not be judged: ${result.error.errorMessage}`);
    const { payload } = result;
    if (isRecord(payload) && payload['verdict'] === 'refuse') throw new TableRefused(String(payload['why']));
  }
}
