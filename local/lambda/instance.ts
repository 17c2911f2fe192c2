import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from '../cloudformation/functions.ts';
import type { InvokeResult, LambdaError, WorkerMessage, WorkerStart } from './protocol.ts';

/** What every execution environment is built from, beside its function. */
export interface InstanceOptions {
  /** All environment variables of the function, the reserved ones included. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clock?: SharedArrayBuffer;
  /** Where the function's standard output and error go. */
  readonly log: Writable;
}

/** The semi-spaces of a thread. V8's own default keeps up to three times 16 MB that were needed once. */
const youngMb = 6;

/** Lambda gives an environment ten seconds to initialise; all processors of this machine may be at other work. */
const initTimeoutMs = 60_000;

/** The largest synchronous answer, in bytes. */
const maxPayloadBytes = 6 * 1024 * 1024;

/** One execution environment of a function: a worker thread that handles one invocation at a time. */
export class Instance {
  readonly #definition: FunctionDefinition;
  readonly #worker: Worker;
  readonly #ready: Promise<LambdaError | undefined>;
  #settle: ((result: InvokeResult) => void) | undefined;
  /** False once the thread ended or must not be used again. */
  alive = true;

  constructor(definition: FunctionDefinition, options: InstanceOptions) {
    this.#definition = definition;
    this.#worker = startWorker(definition, options);
    this.#ready = this.#listen();
  }

  /** Settles when the module is loaded, or could not be. */
  async ready(): Promise<void> {
    await this.#ready;
  }

  /** Runs one invocation. Never rejects: whatever goes wrong is the error Lambda would report. */
  async invoke(event: unknown): Promise<InvokeResult> {
    const initError = await this.#ready;
    if (initError !== undefined) return { ok: false, error: initError };
    const requestId = randomUUID();
    const { timeoutMs } = this.#definition;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#finish(
          failed(
            'Sandbox.Timedout',
            `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
          ),
        );
        void this.stop();
      }, timeoutMs);
      this.#settle = (result) => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#worker.postMessage({
        type: 'invoke',
        event: JSON.stringify(event) ?? 'null',
        requestId,
        deadline: Date.now() + timeoutMs,
      });
    });
  }

  /** Ends the thread; an invocation under way fails. */
  async stop(): Promise<void> {
    this.alive = false;
    await this.#worker.terminate();
  }

  #listen(): Promise<LambdaError | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve({
          errorType: 'Sandbox.Timedout',
          errorMessage: `The function did not initialise within ${initTimeoutMs / 1000} seconds.`,
        });
        void this.stop();
      }, initTimeoutMs);
      const initialised = (error: LambdaError | undefined) => {
        clearTimeout(timer);
        resolve(error);
      };
      this.#worker.on('message', (message: WorkerMessage) => {
        switch (message.type) {
          case 'ready':
            return initialised(undefined);
          case 'init-failed':
            initialised(message.error);
            void this.stop();
            return;
          case 'answered':
            return this.#finish(answered(message.payload));
          case 'failed':
            return this.#finish({ ok: false, error: message.error });
          case 'chunk':
          case 'streamed':
            return;
          default:
            return message satisfies never;
        }
      });
      const ended = (reason: string) => {
        this.alive = false;
        initialised({ errorType: 'Runtime.ExitError', errorMessage: reason });
        this.#finish(failed('Runtime.ExitError', reason));
      };
      this.#worker.on('error', (error) => ended(`Runtime exited with error: ${String(error)}`));
      this.#worker.on('exit', (code) => ended(`Runtime exited without providing a reason (${code})`));
    });
  }

  #finish(result: InvokeResult): void {
    const settle = this.#settle;
    this.#settle = undefined;
    settle?.(result);
  }
}

/** A thread with a function in it. */
export function startWorker(definition: FunctionDefinition, options: InstanceOptions): Worker {
  const workerData: WorkerStart = {
    file: definition.file,
    exportName: definition.exportName,
    functionName: definition.name,
    functionArn: definition.arn,
    memoryMb: definition.memoryMb,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
  };
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), {
    name: definition.name,
    workerData,
    env: { ...options.environment },
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb, maxYoungGenerationSizeMb: youngMb },
    stdout: true,
    stderr: true,
    execArgv: [
      '--disable-warning=ExperimentalWarning',
      ...(definition.hasMaps ? ['--enable-source-maps'] : []),
    ],
  });
  worker.stdout.pipe(options.log, { end: false });
  worker.stderr.pipe(options.log, { end: false });
  return worker;
}

function answered(payload: string): InvokeResult {
  const bytes = Buffer.byteLength(payload);
  if (bytes <= maxPayloadBytes) return { ok: true, payload: JSON.parse(payload) };
  return failed(
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${maxPayloadBytes} bytes).`,
  );
}

function failed(errorType: string, errorMessage: string): InvokeResult {
  return { ok: false, error: { errorType, errorMessage } };
}
