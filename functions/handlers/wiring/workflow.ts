import type { Workflow } from '../../ports/workflow.ts';
import { onDemand } from './on-demand.ts';

/** The workflow for a step that only answers tokens. */
export function wireWaker(): Workflow {
  return wireWorkflow({});
}

/** The workflow; without the machine's ARN it starts no executions. */
export function wireWorkflow(machine: { readonly promotionArn?: string }): Workflow {
  const open = onDemand(async () =>
    (await import('../../adapters/step-functions/open-workflow.ts')).openWorkflow(machine),
  );
  return {
    start: async (ref, attempt) => (await open()).start(ref, attempt),
    wake: async (token, ref, next) => (await open()).wake(token, ref, next),
  };
}
