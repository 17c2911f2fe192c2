import type { AskDeps } from '../../use-cases/workflow/ask-providers.ts';
import { assess } from '../../use-cases/workflow/assess.ts';
import { readEnvironment } from '../environment.ts';
import { type Log, openLog } from '../lambda.ts';
import { wireBus } from '../wiring/bus.ts';
import { wireProviders } from '../wiring/gate-providers.ts';
import { wireScheduler } from '../wiring/scheduler.ts';
import { wireTable } from '../wiring/table.ts';
import { noWorkflow } from './no-workflow.ts';
import { refOf, resultOf, StepPayload } from './payload.ts';
import { stepHandler } from './step.ts';

/** The state Assess. */
export function assessHandler(wired: () => AskDeps, log: Log) {
  return stepHandler(StepPayload, wired, log, async (deps, payload) => {
    const { next, seen } = await assess(deps, refOf(payload));
    return { ...resultOf(payload, next), seen };
  });
}

export const handler = assessHandler(() => {
  const environment = readEnvironment();
  const table = wireTable(environment);
  return {
    ...table,
    bus: wireBus(environment),
    scheduler: wireScheduler(environment),
    workflow: noWorkflow,
    providers: wireProviders(environment, table),
  };
}, openLog());
