import { Fault } from '../../domain/faults.ts';
import type { Workflow } from '../../ports/workflow.ts';

/** For steps that answer no token: starting and waking is others' to do, and these functions have no right to it. */
export const noWorkflow: Workflow = {
  start: () => Promise.reject(new Fault('Unavailable', 'this step starts no executions')),
  wake: () => Promise.reject(new Fault('Unavailable', 'this step wakes no executions')),
};
