// @ts-check
/**
 * The body of a worker thread: one Lambda execution environment. JavaScript, as is all that it imports: the compiler that removes
 * types would cost each thread 11 MB and half of its start.
 */
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { shiftClock } from './clock.mjs';

/** @import { InvokeMessage, LambdaError, WorkerMessage, WorkerStart } from './protocol.ts' */
/** @typedef {(event: unknown, context: unknown) => unknown} Handler */

/** @type {WorkerStart} */
const start = workerData;
const realNow = Date.now;
if (start.clock !== undefined) shiftClock(start.clock);

/** @type {(message: WorkerMessage) => void} */
const send = (message) => parentPort?.postMessage(message);

try {
  /** @type {Record<string, unknown>} */
  const module = await import(pathToFileURL(start.file).href);
  const handler = module[start.exportName];
  if (!isHandler(handler)) throw new TypeError(`${start.exportName} is not exported as a function`);
  parentPort?.on('message', (message) => {
    invoke(handler, message).then(send, (error) => send({ type: 'failed', error: lambdaError(error) }));
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'init-failed', error: lambdaError(error) });
}

/**
 * @param {unknown} value
 * @returns {value is Handler}
 */
function isHandler(value) {
  return typeof value === 'function';
}

/**
 * @param {Handler} handler
 * @param {InvokeMessage} message
 * @returns {Promise<WorkerMessage>}
 */
async function invoke(handler, message) {
  const answer = await handler(JSON.parse(message.event), contextOf(message));
  return { type: 'answered', payload: JSON.stringify(answer) ?? 'null' };
}

/** @param {InvokeMessage} message */
function contextOf({ requestId, deadline }) {
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

/**
 * @param {unknown} error
 * @returns {LambdaError}
 */
function lambdaError(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: error.stack?.split('\n') ?? [],
  };
}
