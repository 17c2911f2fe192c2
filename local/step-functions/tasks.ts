import { isRecord } from '../json.ts';
import type { Functions } from '../lambda/functions.ts';
import type { LambdaError } from '../lambda/protocol.ts';
import { longTimeout } from '../long-timeout.ts';
import { type TaskState, waitResource } from './definition.ts';
import { TaskFailure, type TaskTokens } from './tokens.ts';

/** What a Task state needs from the run it belongs to. */
export interface TaskSetting {
  readonly functions: Functions;
  readonly tokens: TaskTokens;
  /** The token that this attempt's input was built with, if it asked for one. */
  readonly token: string | undefined;
  /** Aborted when the run ends before the task does. */
  readonly closed: AbortSignal;
}

const invoke = 'arn:aws:states:::lambda:invoke';

/** Performs one attempt of a Task state; rejects with an Error whose name is the ASL error name. */
export async function performTask(task: TaskState, input: unknown, setting: TaskSetting): Promise<unknown> {
  if (task.resource === waitResource) return wait(input, setting.closed);
  if (task.resource === invoke)
    return { ExecutedVersion: '$LATEST', Payload: await call(input, setting), StatusCode: 200 };
  if (task.resource === `${invoke}.waitForTaskToken`) return callAndWait(task, input, setting);
  return result(await setting.functions.invoke(task.resource, input));
}

/** Throws when the local runtime cannot perform a Task with this resource. */
export function checkResource(resource: string): void {
  const known =
    resource === waitResource ||
    resource === invoke ||
    resource === `${invoke}.waitForTaskToken` ||
    resource.startsWith('arn:aws:lambda:');
  if (!known) throw new Error(`The local runtime does not perform the Task resource ${resource}.`);
}

async function call(input: unknown, { functions }: TaskSetting): Promise<unknown> {
  if (!isRecord(input)) throw new TaskFailure('States.Runtime', 'lambda:invoke needs Parameters.');
  return result(await functions.invoke(String(input['FunctionName']), input['Payload'] ?? {}));
}

/** The answer of the function itself is ignored; only its failure ends the task. */
async function callAndWait(task: TaskState, input: unknown, setting: TaskSetting): Promise<unknown> {
  const { token, tokens, closed } = setting;
  if (token === undefined)
    throw new TaskFailure('States.Runtime', 'The parameters do not pass $$.Task.Token on.');
  const heartbeat = task.heartbeatSeconds === undefined ? undefined : task.heartbeatSeconds * 1000;
  const heartbeatError = task.namesHeartbeatTimeout ? 'States.HeartbeatTimeout' : 'States.Timeout';
  const answered = tokens.open(token, heartbeat, heartbeatError, closed);
  const failed = new Promise<never>((_, reject) => call(input, setting).catch(reject));
  return Promise.race([answered, failed]);
}

function result(answer: Awaited<ReturnType<Functions['invoke']>>): unknown {
  if (answer.ok) return answer.payload;
  throw new TaskFailure(aslName(answer.error), JSON.stringify(answer.error));
}

/** Exceptions of the Lambda service itself carry its prefix; those of the function keep their own name. */
function aslName({ errorType }: LambdaError): string {
  return errorType === 'TooManyRequestsException' ? `Lambda.${errorType}` : errorType;
}

function wait(input: unknown, closed: AbortSignal): Promise<unknown> {
  const { Seconds: seconds, Timestamp: timestamp } = isRecord(input) ? input : {};
  const ms = typeof timestamp === 'string' ? Date.parse(timestamp) - Date.now() : Number(seconds) * 1000;
  return new Promise((resolve) => {
    const cancel = longTimeout(ms, () => resolve({}));
    closed.addEventListener('abort', cancel, { once: true });
  });
}
