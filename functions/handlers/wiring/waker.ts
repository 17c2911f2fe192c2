import { SFNClient } from '@aws-sdk/client-sfn';
import { inTime } from '../../adapters/in-time.ts';
import { stepFunctionsWorkflow } from '../../adapters/step-functions/workflow.ts';
import type { Workflow } from '../../ports/workflow.ts';

/** The workflow for a step that only answers tokens. */
export function wireWaker(): Workflow {
  return stepFunctionsWorkflow({ client: inTime(new SFNClient({})) });
}
