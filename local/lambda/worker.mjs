// @ts-check
/**
 * The body of a worker thread: one Lambda execution environment. JavaScript, as is all that it imports: the compiler that removes
 * types would cost each thread 11 MB and half of its start.
 */
import module from 'node:module';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { shiftClock, takeClock } from './clock.mjs';
import { awslambda, ResponseStream } from './response-stream.mjs';

/** @import { HostMessage, InvokeMessage, LambdaError, WorkerMessage, WorkerStart } from './protocol.ts' */
/** @typedef {(...given: unknown[]) => unknown} Handler */

/** @type {WorkerStart} */
const start = workerData;
// A thread does not have this from its process. What one thread compiled, the next ones of the function load.
module.enableCompileCache?.();
let kept = false;
takeClock();
const hostNow = Date.now;
if (start.clock !== undefined) shiftClock(start.clock);

/** @type {(message: WorkerMessage) => void} */
const send = (message) => parentPort?.postMessage(message);

Object.assign(globalThis, { awslambda });
/** @type {Map<string, ResponseStream>} */
const streams = new Map();

try {
  /** @type {Record<string, unknown>} */
  const loaded = await import(pathToFileURL(start.file).href);
  const handler = loaded[start.exportName];
  if (!isHandler(handler)) throw new TypeError(`${start.exportName} is not exported as a function`);
  parentPort?.on('message', (/** @type {HostMessage} */ message) => {
    switch (message.type) {
      case 'invoke':
        invoke(handler, message)
          .then(send, (error) => send({ type: 'failed', error: lambdaError(error) }))
          .then(keepCompiled);
        return;
      case 'stream':
        void stream(handler, message);
        return;
      case 'taken':
        return streams.get(message.requestId)?.taken();
      case 'gone':
        return void streams.get(message.requestId)?.destroy();
      default:
        throw new Error(`unknown message ${JSON.stringify(message)}`);
    }
  });
  send({ type: 'ready' });
} catch (error) {
  send({ type: 'init-failed', error: lambdaError(error) });
}

/** Keeps what was compiled up to the end of the first invocation, with what it loaded late: a thread that is ended keeps nothing. */
function keepCompiled() {
  if (kept) return;
  kept = true;
  module.flushCompileCache?.();
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

/**
 * One invocation whose answer is a stream. It is over when the handler is and what it wrote was taken.
 * @param {Handler} handler
 * @param {InvokeMessage} message
 */
async function stream(handler, message) {
  const { requestId } = message;
  const answer = new ResponseStream(requestId, send);
  streams.set(requestId, answer);
  answer.on('error', () => {});
  try {
    await handler(JSON.parse(message.event), answer, contextOf(message));
    send({ type: 'streamed', requestId });
  } catch (error) {
    send({ type: 'streamed', requestId, error: lambdaError(error) });
  } finally {
    streams.delete(requestId);
  }
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
    getRemainingTimeInMillis: () => Math.max(0, deadline - hostNow()),
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
