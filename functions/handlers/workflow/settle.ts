import * as z from 'zod/mini';
import type { ExecuteDeps } from '../../use-cases/workflow/execute.ts';
import { settle } from '../../use-cases/workflow/settle.ts';
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

/** What the state machine caught: the error's name, and its message or stack. */
const SettlePayload = z.extend(StepPayload, {
  fault: z.object({ Error: z.string(), Cause: z.optional(z.string()) }),
});

/** Characters of a cause that the log keeps: the message and the top of the stack. */
const CAUSE = 2_000;

/** The state Settle. */
export function settleHandler(wired: () => ExecuteDeps, log: Log) {
  return stepHandler(SettlePayload, wired, log, async (deps, payload) => {
    const { Error: error, Cause: cause = '' } = payload.fault;
    // A wait that has used up its own time was patient enough.
    const patient = error !== 'States.Timeout';
    const { status } = await settle(deps, refOf(payload), { error, patient });
    log.warn('settled', { status, fault: error, cause: cause.slice(0, CAUSE) });
    return resultOf(payload, 'done');
  });
}

export const handler = settleHandler(() => {
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
