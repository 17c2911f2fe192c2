import { SendTaskSuccessCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { Fault } from '../../domain/faults.ts';
import type { Workflow } from '../../ports/workflow.ts';
import { awsFault, isNamed } from '../aws-fault.ts';

/** Step Functions as the driver of promotions. Who never starts one needs no `promotionArn`. */
export function stepFunctionsWorkflow({
  client,
  promotionArn,
}: {
  readonly client: SFNClient;
  readonly promotionArn?: string;
}): Workflow {
  return {
    async start({ tenant, id }, attempt) {
      if (promotionArn === undefined) throw new Fault('Unavailable', 'this function starts no executions');
      // The same input for the same attempt, always: only then is starting it twice one start.
      const input = JSON.stringify({ tenantId: tenant, promotionId: id, next: 'assess' });
      const command = new StartExecutionCommand({
        stateMachineArn: promotionArn,
        name: executionName(id, attempt),
        input,
      });
      try {
        await client.send(command);
        return 'started';
      } catch (error) {
        if (isNamed(error, 'ExecutionAlreadyExists')) return 'over';
        throw awsFault('Step Functions', error);
      }
    },

    async wake(token, { tenant, id }, next) {
      const output = JSON.stringify({ tenantId: tenant, promotionId: id, next });
      try {
        await client.send(new SendTaskSuccessCommand({ taskToken: token, output }));
        return 'woken';
      } catch (error) {
        if (isNamed(error, 'TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken')) return 'gone';
        throw awsFault('Step Functions', error);
      }
    },
  };
}

/** Names have at most 80 characters; ids of promotions are ours and have 31. */
function executionName(id: string, attempt: number): string {
  return `${id}-${attempt}`;
}
