import { isRecord } from './json.ts';
import type { Functions } from './lambda/functions.ts';

/** The table is not one that this code may serve: the message says what to do. */
export class TableRefused extends Error {
  override readonly name = 'TableRefused';
}

/** Seconds after which a start says how far it is. */
const SECONDS = 5;

/**
 * Asks the function of the template that judges the table, before anything is served or seeded, until it has nothing left to move; `tell`
 * hears how far it is. `alone`: no other runtime has the table open. Throws `TableRefused`, or what keeps it from judging.
 */
export async function judgeTable(
  functions: Pick<Functions, 'definitions' | 'invoke'>,
  alone: boolean,
  tell: (line: string) => void,
): Promise<void> {
  const event = { migrate: true, seconds: SECONDS, alone };
  for (const { name } of functions.definitions.filter(({ isJudge }) => isJudge)) {
    while (!(await isReady(functions, name, event, tell)));
  }
}

async function isReady(
  functions: Pick<Functions, 'definitions' | 'invoke'>,
  name: string,
  event: object,
  tell: (line: string) => void,
): Promise<boolean> {
  const result = await functions.invoke(name, event);
  if (!result.ok) throw new Error(`The table could not be judged: ${result.error.errorMessage}`);
  const { payload } = result;
  if (!isRecord(payload)) return true;
  const { verdict, why, done, format, moved = 0 } = payload;
  if (verdict === 'refuse') throw new TableRefused(String(why));
  if (done === false) tell(`Migrating the table to format ${format}: ${moved} items moved so far.`);
  else if (Number(moved) > 0) tell(`The table has format ${format} now: ${moved} items moved.`);
  return done !== false;
}
