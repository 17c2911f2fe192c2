import { type ExecuteDeps, execute } from '../../use-cases/workflow/execute.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireStep } from '../wiring/step.ts';
import { noWorkflow } from './no-workflow.ts';
import { refOf, resultOf, StepPayload } from './payload.ts';
import { stepHandler } from './step.ts';

/** The state Execute. */
export function executeHandler(wired: () => ExecuteDeps, log: Log) {
  return stepHandler(StepPayload, wired, log, async (deps, payload) => {
    const { status } = await execute(deps, refOf(payload));
    log.info('executed', { status });
    return resultOf(payload, 'done');
  });
}

export const handler = executeHandler(() => wireStep(noWorkflow), openLog());
