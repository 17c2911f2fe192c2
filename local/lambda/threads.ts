import type { FunctionDefinition } from '../cloudformation/functions.ts';
import { Instance, type InstanceOptions } from './instance.ts';
import type { InvokeResult } from './protocol.ts';

/** Limits of the threads of a runtime. */
export interface ThreadLimits {
  /** Most threads of one function. */
  readonly concurrency: number;
  /** Most invocations of one function that wait for a thread; beyond it Lambda throttles. */
  readonly queue: number;
  /** Threads of all functions together. */
  readonly most: number;
  /** Threads that stay when nothing happens. */
  readonly kept: number;
  /** Milliseconds without an invocation after which the others end. */
  readonly idleMs: number;
  /**
   * Milliseconds that an invocation waits while all threads are busy before one more is started: a function may wait for
   * an answer that another function gives.
   */
  readonly patienceMs: number;
}

/** A function and what its environments are built from. */
export interface ThreadedFunction {
  readonly definition: FunctionDefinition;
  readonly options: InstanceOptions;
}

interface Pending {
  readonly of: ThreadedFunction;
  readonly event: unknown;
  readonly since: number;
  readonly resolve: (result: InvokeResult) => void;
}

interface Thread {
  readonly of: ThreadedFunction;
  readonly instance: Instance;
}

/**
 * The execution environments of all functions of a runtime: one thread each, loaded when it is first needed. As in Lambda
 * each handles one invocation at a time. A few threads serve many functions in turn: where all are taken, the one that was
 * idle longest gives way.
 */
export class Threads {
  readonly #limits: ThreadLimits;
  /** The least recently used one first. */
  readonly #idle: Thread[] = [];
  readonly #busy = new Set<Thread>();
  readonly #waiting: Pending[] = [];
  #reaper: NodeJS.Timeout | undefined;
  #impatience: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(limits: ThreadLimits) {
    this.#limits = limits;
  }

  /** Number of live threads. */
  get size(): number {
    return this.#idle.length + this.#busy.size;
  }

  /** Runs a function once, after waiting for a thread when all are busy. Never rejects. */
  invoke(of: ThreadedFunction, event: unknown): Promise<InvokeResult> {
    if (this.#stopped) return Promise.resolve(throttled('The local runtime is stopping.'));
    const ahead = this.#waiting.filter((pending) => pending.of === of).length;
    if (ahead >= this.#limits.queue) return Promise.resolve(throttled('Rate Exceeded.'));
    return new Promise((resolve) => {
      this.#waiting.push({ of, event, since: performance.now(), resolve });
      this.#dispatch();
    });
  }

  /** Ends every thread; what waits or runs fails. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#reaper);
    clearTimeout(this.#impatience);
    for (const { resolve } of this.#waiting.splice(0)) resolve(throttled('The local runtime is stopping.'));
    await Promise.all([...this.#idle.splice(0), ...this.#busy].map(({ instance }) => instance.stop()));
    this.#busy.clear();
  }

  /** Gives a thread to each invocation that may have one, in the order in which they came. */
  #dispatch(): void {
    for (const pending of [...this.#waiting]) {
      const thread = this.#threadFor(pending);
      if (thread === undefined) continue;
      this.#waiting.splice(this.#waiting.indexOf(pending), 1);
      void this.#run(thread, pending);
    }
    clearTimeout(this.#impatience);
    if (this.#waiting.length === 0) return;
    this.#impatience = setTimeout(() => this.#dispatch(), this.#limits.patienceMs);
    this.#impatience.unref();
  }

  #threadFor({ of, since }: Pending): Thread | undefined {
    const own = this.#idle.findLastIndex((thread) => thread.of === of);
    const [warm] = own < 0 ? [] : this.#idle.splice(own, 1);
    if (warm?.instance.alive === true) return warm;
    const running = [...this.#busy].filter((thread) => thread.of === of).length;
    if (running >= this.#limits.concurrency) return undefined;
    if (this.size >= this.#limits.most && !this.#giveWay()) {
      const patient = performance.now() - since < this.#limits.patienceMs;
      if (patient) return undefined;
    }
    return { of, instance: new Instance(of.definition, of.options) };
  }

  /** Ends the thread that was idle longest; returns whether there was one. */
  #giveWay(): boolean {
    const oldest = this.#idle.shift();
    void oldest?.instance.stop();
    return oldest !== undefined;
  }

  async #run(thread: Thread, { event, resolve }: Pending): Promise<void> {
    this.#busy.add(thread);
    const result = await thread.instance.invoke(event);
    this.#busy.delete(thread);
    if (thread.instance.alive) this.#idle.push(thread);
    resolve(result);
    if (this.#stopped) return;
    while (this.size > this.#limits.most && this.#giveWay());
    this.#dispatch();
    this.#scheduleReaping();
  }

  #scheduleReaping(): void {
    clearTimeout(this.#reaper);
    this.#reaper = setTimeout(() => {
      while (this.#idle.length > this.#limits.kept && this.#giveWay());
    }, this.#limits.idleMs);
    this.#reaper.unref();
  }
}

function throttled(errorMessage: string): InvokeResult {
  return { ok: false, error: { errorType: 'TooManyRequestsException', errorMessage } };
}
