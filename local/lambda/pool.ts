import type { FunctionDefinition } from '../cloudformation/functions.ts';
import { Instance, type InstanceOptions } from './instance.ts';
import type { InvokeResult } from './protocol.ts';

/** Limits of a pool. */
export interface PoolLimits {
  /** Most threads of one function. */
  readonly concurrency: number;
  /** Most invocations that wait for a thread; beyond it Lambda throttles. */
  readonly queue: number;
  /** Milliseconds after which all idle threads but one end. */
  readonly idleMs: number;
}

interface Pending {
  readonly event: unknown;
  readonly resolve: (result: InvokeResult) => void;
}

/** The execution environments of one function. As in Lambda each handles one invocation at a time. */
export class FunctionPool {
  readonly #definition: FunctionDefinition;
  readonly #options: InstanceOptions;
  readonly #limits: PoolLimits;
  readonly #all = new Set<Instance>();
  /** The most recently used one is last, and is used first: the others age. */
  readonly #idle: Instance[] = [];
  readonly #queue: Pending[] = [];
  #reaper: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(definition: FunctionDefinition, options: InstanceOptions, limits: PoolLimits) {
    this.#definition = definition;
    this.#options = options;
    this.#limits = limits;
  }

  /** Number of live threads. */
  get size(): number {
    return this.#all.size;
  }

  /** Starts one environment ahead of the first invocation. */
  async warm(): Promise<void> {
    if (this.#all.size > 0 || this.#stopped) return;
    const instance = this.#create();
    this.#idle.push(instance);
    await instance.ready();
  }

  /** Runs the function once, after waiting for an environment when all are busy. Never rejects. */
  invoke(event: unknown): Promise<InvokeResult> {
    if (this.#stopped) return Promise.resolve(throttled('The local runtime is stopping.'));
    if (this.#queue.length >= this.#limits.queue) return Promise.resolve(throttled('Rate Exceeded.'));
    return new Promise((resolve) => {
      this.#queue.push({ event, resolve });
      this.#dispatch();
    });
  }

  /** Ends every thread; what waits or runs fails. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#reaper);
    for (const { resolve } of this.#queue.splice(0)) resolve(throttled('The local runtime is stopping.'));
    await Promise.all([...this.#all].map((instance) => instance.stop()));
    this.#all.clear();
  }

  #dispatch(): void {
    while (this.#queue.length > 0) {
      const instance = this.#take();
      if (instance === undefined) return;
      const next = this.#queue.shift();
      if (next !== undefined) void this.#run(instance, next);
    }
  }

  #take(): Instance | undefined {
    for (let instance = this.#idle.pop(); instance !== undefined; instance = this.#idle.pop()) {
      if (instance.alive) return instance;
      this.#all.delete(instance);
    }
    return this.#all.size < this.#limits.concurrency ? this.#create() : undefined;
  }

  #create(): Instance {
    const instance = new Instance(this.#definition, this.#options);
    this.#all.add(instance);
    return instance;
  }

  async #run(instance: Instance, { event, resolve }: Pending): Promise<void> {
    const result = await instance.invoke(event);
    if (instance.alive) this.#idle.push(instance);
    else this.#all.delete(instance);
    resolve(result);
    if (this.#stopped) return;
    this.#dispatch();
    this.#scheduleReaping();
  }

  #scheduleReaping(): void {
    clearTimeout(this.#reaper);
    this.#reaper = setTimeout(() => {
      for (const instance of this.#idle.splice(0, Math.max(0, this.#idle.length - 1))) {
        this.#all.delete(instance);
        void instance.stop();
      }
    }, this.#limits.idleMs);
    this.#reaper.unref();
  }
}

function throttled(errorMessage: string): InvokeResult {
  return { ok: false, error: { errorType: 'TooManyRequestsException', errorMessage } };
}
