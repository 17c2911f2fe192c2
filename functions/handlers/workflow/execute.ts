import { type ExecuteDeps, execute } from '../../use-cases/workflow/execute.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireBus } from '../wiring/bus.ts';
import { wireDriver } from '../wiring/driver.ts';
import { STEP_COPY_SECONDS, wireRegistries } from '../wiring/registries.ts';
import { wireScheduler } from '../wiring/scheduler.ts';
import { wireTable } from '../wiring/table.ts';
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

export const handler = executeHandler(() => {
  const environment = readEnvironment();
  return {
    ...wireTable(environment),
    bus: wireBus(environment),
    scheduler: wireScheduler(environment),
    driver: wireDriver(environment),
    registries: wireRegistries(environment, STEP_COPY_SECONDS),
    workflow: noWorkflow,
  };
}, openLog());
