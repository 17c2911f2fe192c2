import type { Workflow } from '../../ports/workflow.ts';
import type { ExecuteDeps } from '../../use-cases/workflow/execute.ts';
import { readEnvironment } from '../environment.ts';
import { wireBus } from './bus.ts';
import { wireDriver } from './driver.ts';
import { STEP_COPY_SECONDS, wireRegistries } from './registries.ts';
import { wireScheduler } from './scheduler.ts';
import { wireTable } from './table.ts';

/** What a step that moves promotions works with. */
export function wireStep(workflow: Workflow): ExecuteDeps {
  const environment = readEnvironment();
  return {
    ...wireTable(environment),
    bus: wireBus(environment),
    scheduler: wireScheduler(environment),
    driver: wireDriver(environment),
    registries: wireRegistries(environment, STEP_COPY_SECONDS),
    workflow,
  };
}
