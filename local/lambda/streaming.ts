import { randomUUID } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from '../cloudformation/functions.ts';
import { startWorker } from './instance.ts';
import type { HostMessage, WorkerMessage } from './protocol.ts';
import type { ThreadedFunction } from './threads.ts';

/** Where a streamed answer goes. */
export interface StreamedAnswer {
  /** Takes bytes; settles when the client did. */
  take(bytes: Uint8Array): Promise<void>;
  /** Aborted when the client is gone. */
  readonly gone: AbortSignal;
}

/** What became of an invocation: `failed` may have answered something, `throttled` and `unknown` nothing. */
export type Streamed = 'done' | 'failed' | 'throttled' | 'unknown';

interface Invocation {
  readonly answer: StreamedAnswer;
  readonly settle: (outcome: Streamed) => void;
}

/** Milliseconds without an invocation after which the thread ends. */
const idleMs = 30_000;

/**
 * A function that streams its answers. Each of them waits nearly all the time: one thread has them all at once, where Lambda has an
 * environment for each. Beyond the reserved concurrency it throttles, as Lambda does.
 */
export class StreamingFunction {
  readonly #of: ThreadedFunction;
  readonly #running = new Map<string, Invocation>();
  #thread: { readonly worker: Worker; readonly definition: FunctionDefinition } | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(of: ThreadedFunction) {
    this.#of = of;
  }

  /** Runs one invocation. Never rejects. */
  invoke(event: unknown, answer: StreamedAnswer): Promise<Streamed> {
    const { definition } = this.#of;
    if (this.#running.size >= (definition.reserved ?? Number.POSITIVE_INFINITY))
      return Promise.resolve('throttled');
    const { timeoutMs } = definition;
    const requestId = randomUUID();
    const worker = this.#worker();
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle('failed'), timeoutMs);
      const gone = () => this.#post(worker, { type: 'gone', requestId });
      const settle = (outcome: Streamed) => {
        clearTimeout(timer);
        answer.gone.removeEventListener('abort', gone);
        if (this.#running.delete(requestId) && outcome === 'failed') gone();
        this.#rest();
        resolve(outcome);
      };
      this.#running.set(requestId, { answer, settle });
      answer.gone.addEventListener('abort', gone);
      const deadline = Date.now() + timeoutMs;
      this.#post(worker, { type: 'stream', event: JSON.stringify(event), requestId, deadline });
    });
  }

  /** Ends the thread; what runs fails. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#thread?.worker;
    this.#thread = undefined;
    for (const { settle } of [...this.#running.values()]) settle('failed');
    clearTimeout(this.#idle);
    await worker?.terminate();
  }

  /** The thread; with new code another one, while the old one ends what it has. */
  #worker(): Worker {
    clearTimeout(this.#idle);
    const { definition, options } = this.#of;
    if (this.#thread?.definition === definition) return this.#thread.worker;
    const worker = startWorker(definition, options);
    const own = new Map(this.#running);
    this.#thread = { worker, definition };
    worker.on('message', (message: WorkerMessage) => this.#heard(worker, message));
    const ended = () => {
      if (this.#thread?.worker === worker) this.#thread = undefined;
      for (const [id, { settle }] of this.#running) if (!own.has(id)) settle('failed');
    };
    worker.on('error', ended).on('exit', ended);
    worker.unref();
    return worker;
  }

  #heard(worker: Worker, message: WorkerMessage): void {
    switch (message.type) {
      case 'chunk': {
        const { requestId, bytes } = message;
        const taking = this.#running.get(requestId)?.answer.take(bytes);
        void taking?.then(() => this.#post(worker, { type: 'taken', requestId }));
        return;
      }
      case 'streamed':
        this.#running.get(message.requestId)?.settle(message.error === undefined ? 'done' : 'failed');
        return;
      case 'init-failed':
        void worker.terminate();
        return;
      default:
        return;
    }
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#running.size > 0) return;
    this.#idle = setTimeout(() => void this.stop(), idleMs);
    this.#idle.unref();
  }

  #post(worker: Worker, message: HostMessage): void {
    worker.postMessage(message);
  }
}
