import * as z from 'zod/mini';
import type { ExecuteDeps } from '../../use-cases/workflow/execute.ts';
import { settle } from '../../use-cases/workflow/settle.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireStep } from '../wiring/step.ts';
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

export const handler = settleHandler(() => wireStep(noWorkflow), openLog());
