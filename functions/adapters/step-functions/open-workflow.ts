import { SFNClient } from '@aws-sdk/client-sfn';
import type { Workflow } from '../../ports/workflow.ts';
import { inTime } from '../in-time.ts';
import { stepFunctionsWorkflow } from './workflow.ts';

/** The workflow by the real service; apart from its adapter, so that bundles load all of it late. */
export function openWorkflow(machine: { readonly promotionArn?: string }): Workflow {
  return stepFunctionsWorkflow({ client: inTime(new SFNClient({})), ...machine });
}
