import type { ExecuteDeps } from '../../use-cases/workflow/execute.ts';
import { executeAndWait } from '../../use-cases/workflow/execute-and-wait.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireStep } from '../wiring/step.ts';
import { wireWaker } from '../wiring/workflow.ts';
import { refOf, TokenPayload, tokenOf } from './payload.ts';
import { stepHandler } from './step.ts';

/** The state ExecuteAndWait. Its answer is whatever wakes the token, not what it returns. */
export function executeAndWaitHandler(wired: () => ExecuteDeps, log: Log) {
  return stepHandler(TokenPayload, wired, log, async (deps, payload) => {
    const { status } = await executeAndWait(deps, refOf(payload), tokenOf(payload, 'execute_and_wait'));
    log.info('executed', { status });
  });
}

export const handler = executeAndWaitHandler(() => wireStep(wireWaker()), openLog());
