import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwsEndpoint, startAwsEndpoint } from '../../local/aws-endpoint.ts';
import { readCrashPlan } from '../../local/crash-plan.ts';
import type { Functions } from '../../local/lambda/functions.ts';
import { ExecutionStore } from '../../local/step-functions/execution-store.ts';
import { Executions } from '../../local/step-functions/executions.ts';
import { stepFunctionsService } from '../../local/step-functions/service.ts';
import { openStore } from '../../local/store.ts';
import { until } from '../support/api.ts';
import { eventually } from './fixture.ts';
import { arn, lambda, machines } from './step-functions-machines.ts';

interface Parked {
  readonly token: string;
  readonly retry: number;
  readonly entered: string;
}

describe('the Step Functions endpoint, driven by the SDK client', () => {
  const parked = new Map<string, Parked[]>();
  const functions: Functions = {
    definitions: [],
    async invoke(name, event: ReturnType<typeof JSON.parse>) {
      switch (name) {
        case lambda('double'):
          return { ok: true, payload: { n: event.n * 2 } };
        case lambda('park'):
          parked.set(event.execution, [...(parked.get(event.execution) ?? []), event]);
          return { ok: true, payload: 'ignored' };
        case lambda('fail'):
          return { ok: false, error: { errorType: 'Broken', errorMessage: 'as asked' } };
        default:
          return { ok: false, error: { errorType: 'Lambda.ResourceNotFoundException', errorMessage: name } };
      }
    },
    stop: async () => {},
  };
  let directory: string;
  let database: ReturnType<typeof openStore>;
  let endpoint: AwsEndpoint;
  let executions: Executions;
  let client: SFNClient;

  async function open(): Promise<void> {
    database = openStore(directory);
    executions = new Executions(new ExecutionStore(database), functions, machines);
    endpoint = await startAwsEndpoint(readCrashPlan({}));
    endpoint.serve([stepFunctionsService(executions)]);
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    client = new SFNClient({ endpoint: endpoint.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  }
  async function close(): Promise<void> {
    client.destroy();
    executions.stop();
    await endpoint.stop();
    database.close();
  }
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'sluice-sfn-'));
    await open();
  });
  afterAll(async () => {
    await close();
    await rm(directory, { recursive: true, force: true, maxRetries: 20 });
  });

  const start = (name: string, id: string, input: unknown = {}) =>
    client.send(
      new StartExecutionCommand({ stateMachineArn: arn(name), name: id, input: JSON.stringify(input) }),
    );
  const describeExecution = (name: string, id: string) =>
    client.send(
      new DescribeExecutionCommand({
        executionArn: `${arn(name).replace('stateMachine', 'execution')}:${id}`,
      }),
    );
  const closed = (name: string, id: string) =>
    eventually(async () => {
      const execution = await describeExecution(name, id);
      return execution.status === 'RUNNING' ? undefined : execution;
    });
  const attempt = (id: string, count = 1) =>
    eventually(async () => ((parked.get(id)?.length ?? 0) >= count ? parked.get(id)?.at(-1) : undefined));
  const transitions = (id: string) => executions.latest(100).find(({ name }) => name === id)?.transitions;

  it('runs an execution to its end and counts its transitions', async () => {
    const before = Math.floor(Date.now() / 1000);
    const { executionArn, startDate } = await start('direct', 'd-1', { n: 1 });
    expect(executionArn).toBe('arn:aws:states:us-east-1:000000000000:execution:direct:d-1');
    expect(startDate?.getTime()).toBeGreaterThanOrEqual(before * 1000);
    expect(startDate?.getTime()).toBeLessThanOrEqual(Date.now());
    const execution = await closed('direct', 'd-1');
    expect(execution).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"n":16}',
      input: '{"n":1}',
      name: 'd-1',
    });
    expect(execution.stopDate).toBeInstanceOf(Date);
    // Double and Enough four times each, and Done.
    expect(transitions('d-1')).toBe(9);
  });

  it('answers the same execution for the same name and input while it runs, and refuses every other repetition', async () => {
    const first = await start('waiting', 'w-1', { a: 1 });
    expect(await start('waiting', 'w-1', { a: 1 })).toMatchObject({
      executionArn: first.executionArn,
      startDate: first.startDate,
    });
    await expect(start('waiting', 'w-1', { a: 2 })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    const { token } = await attempt('w-1');
    expect(parked.get('w-1')).toHaveLength(1);
    await client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{"ok":true}' }));
    expect(await closed('waiting', 'w-1')).toMatchObject({ status: 'SUCCEEDED', output: '{"ok":true}' });
    await expect(start('waiting', 'w-1', { a: 1 })).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    expect(transitions('w-1')).toBe(1);
  });

  it('closes a token with its first answer', async () => {
    await start('waiting', 'w-2');
    const { token } = await attempt('w-2');
    await client.send(new SendTaskFailureCommand({ taskToken: token, error: 'Refused', cause: 'by hand' }));
    expect(await closed('waiting', 'w-2')).toMatchObject({
      status: 'FAILED',
      error: 'Refused',
      cause: 'by hand',
    });
    const gone = { name: 'TaskTimedOut' };
    await expect(
      client.send(new SendTaskSuccessCommand({ taskToken: token, output: '{}' })),
    ).rejects.toMatchObject(gone);
    await expect(client.send(new SendTaskFailureCommand({ taskToken: token }))).rejects.toMatchObject(gone);
    await expect(client.send(new SendTaskHeartbeatCommand({ taskToken: token }))).rejects.toMatchObject(gone);
  });

  it('knows what is no token, what is no JSON, and what does not exist', async () => {
    const send = (taskToken: string, output: string) =>
      client.send(new SendTaskSuccessCommand({ taskToken, output }));
    await expect(send('nonsense', '{}')).rejects.toMatchObject({ name: 'InvalidToken' });
    const unknown = Buffer.from(JSON.stringify({ execution: 'arn:x', task: 'y' })).toString('base64url');
    await expect(send(unknown, '{}')).rejects.toMatchObject({ name: 'TaskDoesNotExist' });
    await expect(send('nonsense', '{')).rejects.toMatchObject({ name: 'InvalidOutput' });
    await expect(start('nowhere', 'x')).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(describeExecution('direct', 'nobody')).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
    });
    const badInput = new StartExecutionCommand({ stateMachineArn: arn('direct'), input: '{' });
    await expect(client.send(badInput)).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
    await expect(start('direct', 'a name with spaces')).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('gives every attempt a token and its number, keeps the time of entry, and catches by name', async () => {
    await start('retrying', 'r-1', { kept: true });
    const first = await attempt('r-1');
    await client.send(new SendTaskFailureCommand({ taskToken: first.token, error: 'Again' }));
    const second = await attempt('r-1', 2);
    expect(second.token).not.toBe(first.token);
    expect([first.retry, second.retry]).toEqual([0, 1]);
    expect(second.entered).toBe(first.entered);
    await client.send(new SendTaskFailureCommand({ taskToken: second.token, error: 'Other', cause: 'why' }));
    const execution = await closed('retrying', 'r-1');
    expect(JSON.parse(execution.output ?? '')).toEqual({
      kept: true,
      fault: { Error: 'Other', Cause: 'why' },
    });
    // Wait, its retry, Caught.
    expect(transitions('r-1')).toBe(3);
  });

  it('ends a task without heartbeats, and one that has them only by its answer', async () => {
    await start('beating', 'b-2');
    const { token } = await attempt('b-2');
    await start('beating', 'b-1');
    // Begun earlier and alive still when the other's time is over: by its heartbeats alone.
    const other = await until(
      async () => {
        await client.send(new SendTaskHeartbeatCommand({ taskToken: token }));
        return describeExecution('beating', 'b-1');
      },
      ({ status }) => status !== 'RUNNING',
      200,
    );
    expect(other).toMatchObject({
      status: 'FAILED',
      error: 'States.Timeout',
    });
    expect(await describeExecution('beating', 'b-2')).toMatchObject({ status: 'RUNNING' });
    await client.send(new SendTaskSuccessCommand({ taskToken: token, output: '1' }));
    expect(await closed('beating', 'b-2')).toMatchObject({ status: 'SUCCEEDED', output: '1' });
  });

  it('keeps the timeouts of a state and of a machine; neither token is worth anything after', async () => {
    await start('timely', 't-1');
    await start('limited', 'l-1');
    expect(await closed('timely', 't-1')).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(await closed('limited', 'l-1')).toMatchObject({ status: 'TIMED_OUT' });
    for (const id of ['t-1', 'l-1']) {
      const { token } = await attempt(id);
      const late = new SendTaskSuccessCommand({ taskToken: token, output: '{}' });
      await expect(client.send(late)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    }
  });

  it('fails with the name of the function’s error', async () => {
    await start('failing', 'f-1');
    const execution = await closed('failing', 'f-1');
    expect(execution).toMatchObject({ status: 'FAILED', error: 'Broken' });
    expect(JSON.parse(execution.cause ?? '')).toEqual({ errorType: 'Broken', errorMessage: 'as asked' });
    await start('missing', 'm-1');
    expect(await closed('missing', 'm-1')).toMatchObject({ error: 'Lambda.ResourceNotFoundException' });
  });

  it('waits as long as it is told, beyond 24.8 days too', async () => {
    await start('pausing', 'p-1');
    await start('brief', 'p-2', { seconds: 1 });
    const brief = await closed('brief', 'p-2');
    expect(brief).toMatchObject({ status: 'SUCCEEDED', output: '{"seconds":1}' });
    expect(Number(brief.stopDate) - Number(brief.startDate)).toBeGreaterThanOrEqual(990);
    expect(await describeExecution('pausing', 'p-1')).toMatchObject({ status: 'RUNNING' });
  });

  it('stops an execution, and leaves a closed one as it is', async () => {
    const { executionArn } = await start('waiting', 's-1');
    const { token } = await attempt('s-1');
    await client.send(new StopExecutionCommand({ executionArn, error: 'Enough', cause: 'of it' }));
    expect(await describeExecution('waiting', 's-1')).toMatchObject({
      status: 'ABORTED',
      error: 'Enough',
      cause: 'of it',
    });
    const late = new SendTaskSuccessCommand({ taskToken: token, output: '{}' });
    await expect(client.send(late)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await client.send(new StopExecutionCommand({ executionArn, error: 'Again' }));
    expect(await describeExecution('waiting', 's-1')).toMatchObject({ error: 'Enough' });
  });

  it('starts what was unfinished again from its input, with a new token', async () => {
    await start('waiting', 'again', { n: 1 });
    const before = await attempt('again');
    await close();
    await open();
    executions.resume();
    const after = await attempt('again', 2);
    const send = (taskToken: string) => client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
    await expect(send(before.token)).rejects.toMatchObject({ name: 'TaskTimedOut' });
    await send(after.token);
    expect(await closed('waiting', 'again')).toMatchObject({ status: 'SUCCEEDED', input: '{"n":1}' });
    expect(await describeExecution('direct', 'd-1')).toMatchObject({ status: 'SUCCEEDED' });
  });
});
