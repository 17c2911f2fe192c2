import { type AwaitDeps, awaitWake } from '../../use-cases/workflow/await-wake.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireTable } from '../wiring/table.ts';
import { wireWaker } from '../wiring/workflow.ts';
import { AwaitPayload, refOf, tokenOf } from './payload.ts';
import { stepHandler } from './step.ts';

/** The state Await. Its answer is whatever wakes the token, not what it returns. */
export function awaitHandler(wired: () => AwaitDeps, log: Log) {
  return stepHandler(AwaitPayload, wired, log, (deps, payload) =>
    awaitWake(deps, refOf(payload), tokenOf(payload, 'await'), payload.seen),
  );
}

export const handler = awaitHandler(() => {
  const environment = readEnvironment();
  return { ...wireTable(environment), workflow: wireWaker() };
}, openLog());
