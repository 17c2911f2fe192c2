import type { SFNClient } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { stepFunctionsWorkflow } from '../../functions/adapters/step-functions/workflow.ts';
import { sfnClient } from '../statemachines/support/cloud-clients.ts';
import { StateMachineHost } from '../statemachines/support/state-machine-host.ts';

const REF = { tenant: 'acme', id: 'prom-1' };

function opened() {
  const host = new StateMachineHost(() => '2026-11-21T09:00:00.000Z');
  const client = sfnClient(host);
  return { host, client, workflow: stepFunctionsWorkflow({ client, promotionArn: 'arn:promotion' }) };
}

/** What the service answers instead. */
function answering(client: SFNClient, name: string): void {
  client.middlewareStack.add(() => () => Promise.reject(Object.assign(new Error(name), { name })), {
    step: 'initialize',
  });
}

describe('the workflow on Step Functions', () => {
  it('starts an attempt once, and says when it is over', async () => {
    const { host, workflow } = opened();
    expect(await workflow.start(REF, 1)).toBe('started');
    expect(await workflow.start(REF, 1)).toBe('started');
    expect([...host.runs.keys()]).toEqual(['prom-1-1']);
    host.lose('prom-1-1');
    expect(await workflow.start(REF, 1)).toBe('over');
    expect(await workflow.start(REF, 2)).toBe('started');
  });

  it('says that a token is gone when nobody waits for it', async () => {
    const { workflow } = opened();
    expect(await workflow.wake('token', REF, 'execute')).toBe('gone');
  });

  it.each(['InvalidToken', 'TaskDoesNotExist', 'TaskTimedOut'])('takes %s for gone', async (name) => {
    const { client, workflow } = opened();
    answering(client, name);
    expect(await workflow.wake('token', REF, 'done')).toBe('gone');
  });

  it.each([
    ['ThrottlingException', 'Throttled'],
    ['ExecutionLimitExceeded', 'Throttled'],
    ['TimeoutError', 'Unavailable'],
    ['AccessDeniedException', 'Unavailable'],
    ['StateMachineDoesNotExist', 'Unavailable'],
  ])('makes %s the fault %s', async (name, fault) => {
    const { client, workflow } = opened();
    answering(client, name);
    await expect(workflow.start(REF, 1)).rejects.toMatchObject({ name: fault, cause: { name } });
    await expect(workflow.wake('token', REF, 'done')).rejects.toMatchObject({ name: fault });
  });

  it('starts nothing where it was not told what', async () => {
    const workflow = stepFunctionsWorkflow({ client: opened().client });
    await expect(workflow.start(REF, 1)).rejects.toMatchObject({ name: 'Unavailable' });
  });
});
