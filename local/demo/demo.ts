import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { Person } from '../identity/demo-people.ts';
import type { Issuer } from '../identity/issuer.ts';
import type { Functions } from '../lambda/functions.ts';
import type { RobotAccount } from '../registry/writers.ts';
import { readFact, recordFact } from '../store.ts';
import { perform } from './acts.ts';
import { createCaller } from './caller.ts';
import { pushImage } from './images.ts';

/** Instants in milliseconds: of the start that seeded the data directory, and of the end of the demo. */
const BEGUN = 'demo_begun_at';
const DONE = 'demo_done_at';
/** How long the answers to acts are kept: done again later, they would count twice. */
const REPEATABLE = 23 * 3_600_000;
const [ADMIN, DEV, ALICE] = ['admin@acme.com', 'dev@acme.com', 'alice@acme.com'] as const;
const TRIES = 3;
const PAUSE_MS = 1000;

/** Says that a data directory is to have a demo, before it is seeded; not where other people than the demo's are seeded. */
export function beginDemo(database: DatabaseSync, people: readonly Person[]): void {
  const cast = [ADMIN, DEV, ALICE].every((name) => people.some(({ email }) => email === name));
  if (cast && readFact(database, BEGUN) === undefined) recordFact(database, BEGUN, String(Date.now()));
}

/** What performing takes. */
export interface Stage {
  readonly url: string;
  readonly issuer: Issuer;
  readonly robot: RobotAccount;
  readonly functions: Functions;
}

/**
 * Performs the demo that a data directory began and has not ended; goes on where a crash ended it. Says when it is complete, or why it is
 * not. Never throws.
 */
export async function performDemo(
  database: DatabaseSync,
  stage: Stage,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const begun = Number(readFact(database, BEGUN));
  if (Number.isNaN(begun) || readFact(database, DONE) !== undefined || Date.now() - begun > REPEATABLE)
    return;
  for (let tries = 1; !signal.aborted; tries += 1) {
    try {
      await act(stage, begun, signal);
      recordFact(database, DONE, String(Date.now()));
      return tell(`The demo is complete: sign in as ${DEV}.`);
    } catch (error) {
      if (signal.aborted) return;
      if (tries === TRIES) {
        const why = error instanceof Error ? error.message : String(error);
        return tell(`The demo is not complete; the next start goes on with it. ${why}`);
      }
      await pause(PAUSE_MS);
    }
  }
}

async function act(
  { url, issuer, robot, functions }: Stage,
  begun: number,
  signal: AbortSignal,
): Promise<void> {
  const caller = async (email: string) => {
    const tokens = await issuer.mint(email);
    if (tokens === undefined) throw new Error(`${email} is not among the people`);
    return createCaller(url, tokens.access_token, signal);
  };
  const [admin, dev, alice] = await Promise.all([caller(ADMIN), caller(DEV), caller(ALICE)]);
  await perform({ admin, dev, alice, push: (image) => pushImage(url, robot, image) }, begun);
  // Sums are added up every minute, of what has rested for seconds: here every index has it at once.
  const sweep = functions.definitions.find(
    ({ environment }) => environment['POWERTOOLS_SERVICE_NAME'] === 'sweep',
  );
  const swept = await functions.invoke(sweep?.name ?? 'sweep', { settled: 'PT0S' });
  if (!swept.ok) throw new Error(`${swept.error.errorType}: ${swept.error.errorMessage}`);
}
