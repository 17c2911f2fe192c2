/** The body of a worker thread: one Lambda execution environment. */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { shiftClock } from './clock.ts';
import type { InvokeMessage, LambdaError, WorkerMessage, WorkerStart } from './protocol.ts';

const start: WorkerStart = workerData;
const realNow = Date.now;
if (start.clock !== undefined) shiftClock(start.clock);

const send = (message: WorkerMessage) => parentPort?.postMessage(message);

try {
  const module: Record<string, unknown> = await import(pathToFileURL(start.file).href);
  const handler = module[start.exportName];
  if (!isHandler(handler)) throw new TypeError(`${start.exportName} is not exported as a function`);
  parentPort?.on('message', (message: InvokeMessage) => {
    invoke(handler, message).then(send, (error: unknown) =>
      send({ type: 'failed', error: lambdaError(error) }),
    );
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'init-failed', error: lambdaError(error) });
}

type Handler = (event: unknown, context: unknown) => unknown;

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}

async function invoke(handler: Handler, message: InvokeMessage): Promise<WorkerMessage> {
  const answer = await handler(JSON.parse(message.event), contextOf(message));
  return { type: 'answered', payload: JSON.stringify(answer) ?? 'null' };
}

function contextOf({ requestId, deadline }: InvokeMessage): Record<string, unknown> {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: start.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: start.functionArn,
    memoryLimitInMB: String(start.memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${start.functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadline - realNow()),
  };
}

function lambdaError(error: unknown): LambdaError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: error.stack?.split('\n') ?? [],
  };
}
