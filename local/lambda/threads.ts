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
   * Milliseconds that an invocation waits for a busy thread of its function before one more is started: to load a function
   * takes longer than most invocations do.
   */
  readonly patienceMs: number;
  /**
   * Milliseconds after which waiting counts as standing still. A thread that was idle as long gives way to a further one of any
   * function. Where no invocation of the waiting function ends meanwhile, any idle thread does; where none of any function, one
   * more is started: a function may wait for what another one answers.
   */
  readonly stallMs: number;
}

/** A function and what its environments are built from. */
export interface ThreadedFunction {
  /** Another one once its code is replaced. */
  definition: FunctionDefinition;
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
  /** What it was loaded from. */
  readonly definition: FunctionDefinition;
  readonly instance: Instance;
  /** When it last finished an invocation. */
  idleSince: number;
}

/**
 * The execution environments of all functions of a runtime: one thread each, loaded when it is first needed. As in Lambda
 * each handles one invocation at a time. A few threads serve many functions in turn: where all are taken, the one that was
 * idle longest gives way to a function that has none. A further thread of a function takes patience, and not the place of one
 * that was just at work: functions under load would otherwise spend their time in loading each other anew.
 */
export class Threads {
  readonly #limits: ThreadLimits;
  /** The least recently used one first. */
  readonly #idle: Thread[] = [];
  readonly #busy = new Set<Thread>();
  readonly #waiting: Pending[] = [];
  #reaper: NodeJS.Timeout | undefined;
  #impatience: NodeJS.Timeout | undefined;
  /** When a thread was last started, became ready or finished an invocation. */
  #progressAt = 0;
  /** When a thread of the function last finished an invocation. */
  readonly #finishedAt = new WeakMap<ThreadedFunction, number>();
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

  /** Gives a function other code: what runs ends as it began, every later invocation has the new one. */
  replace(of: ThreadedFunction, definition: FunctionDefinition): void {
    of.definition = definition;
    const old = this.#idle.filter((thread) => thread.of === of);
    for (const thread of old) {
      this.#idle.splice(this.#idle.indexOf(thread), 1);
      void thread.instance.stop();
    }
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
    const { patienceMs, stallMs } = this.#limits;
    this.#impatience = setTimeout(() => this.#dispatch(), Math.min(patienceMs, stallMs));
    this.#impatience.unref();
  }

  #threadFor({ of, since }: Pending): Thread | undefined {
    const own = this.#idle.findLastIndex((thread) => thread.of === of);
    const [warm] = own < 0 ? [] : this.#idle.splice(own, 1);
    if (warm?.instance.alive === true) return warm;
    const { concurrency, most, patienceMs, stallMs } = this.#limits;
    const now = performance.now();
    const running = [...this.#busy].filter((thread) => thread.of === of).length;
    if (running >= concurrency || (running > 0 && now - since < patienceMs)) return undefined;
    const still = now - Math.max(since, this.#finishedAt.get(of) ?? 0) >= stallMs;
    const idleBefore = running === 0 || still ? now : now - stallMs;
    const room = this.size < most || this.#giveWay(idleBefore) || now - this.#progressAt >= stallMs;
    if (!room) return undefined;
    this.#progressAt = now;
    const { definition, options } = of;
    return { of, definition, instance: new Instance(definition, options), idleSince: now };
  }

  /** Ends the thread that was idle longest, if it was so since before a time; returns whether there was one. */
  #giveWay(idleBefore = performance.now()): boolean {
    const [oldest] = this.#idle;
    if (oldest === undefined || oldest.idleSince > idleBefore) return false;
    this.#idle.shift();
    void oldest.instance.stop();
    return true;
  }

  async #run(thread: Thread, { event, resolve }: Pending): Promise<void> {
    this.#busy.add(thread);
    await thread.instance.ready();
    this.#progressAt = performance.now();
    const result = await thread.instance.invoke(event);
    this.#busy.delete(thread);
    thread.idleSince = performance.now();
    this.#progressAt = thread.idleSince;
    this.#finishedAt.set(thread.of, thread.idleSince);
    if (thread.definition !== thread.of.definition) void thread.instance.stop();
    else if (thread.instance.alive) this.#idle.push(thread);
    resolve(result);
    if (this.#stopped) return;
    while (this.size > this.#limits.most && this.#giveWay());
    this.#dispatch();
    this.#scheduleReaping();
  }

  /** Ends the threads beyond those kept once each was idle for long enough, whatever the others do. */
  #scheduleReaping(): void {
    clearTimeout(this.#reaper);
    const { kept, idleMs } = this.#limits;
    const idleBefore = performance.now() - idleMs;
    while (this.#idle.length > kept && this.#giveWay(idleBefore));
    const [oldest] = this.#idle;
    if (oldest === undefined || this.#idle.length <= kept) return;
    this.#reaper = setTimeout(() => this.#scheduleReaping(), oldest.idleSince - idleBefore);
    this.#reaper.unref();
  }
}

function throttled(errorMessage: string): InvokeResult {
  return { ok: false, error: { errorType: 'TooManyRequestsException', errorMessage } };
}
