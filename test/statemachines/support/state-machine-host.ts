import { readFileSync } from 'node:fs';
import { ExecutionAbortedError, StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';

type Json = Parameters<StateMachine['run']>[0];
export type Steps = { readonly [state: string]: (payload: unknown) => Promise<unknown> };
type Wait = { readonly execution: string; readonly resolve: (output: unknown) => void };
type Run = {
  readonly name: string;
  readonly input: string;
  status: 'queued' | 'running' | 'ended';
  error?: string;
  transitions: string[];
  /** Raised by every restart: what runs for an older one has no say any more. */
  life: number;
  abort?: () => void;
};

const SOURCE = readFileSync(new URL('../../../statemachines/promotion.asl.json', import.meta.url), 'utf8');
/** The interpreter's timers end at 24.8 days; tests end long before. */
const LONGEST_TIMER = 86_400;

/** The real definition, with nothing changed but timers that the interpreter cannot hold. */
function readDefinition(): StateMachineDefinition {
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:';
  const filled = SOURCE.replace(/\$\{(\w+)Arn\}/g, `${arn}$1`);
  return JSON.parse(filled, (key, value) =>
    key === 'TimeoutSeconds' ? Math.min(value, LONGEST_TIMER) : value,
  );
}

/**
 * Step Functions for tests: interprets the real definition with steps given as functions. Nothing moves by itself: what is started
 * or answered waits for `pump`, so that every run takes the same course.
 */
export class StateMachineHost {
  readonly runs = new Map<string, Run>();
  readonly #definition = readDefinition();
  readonly #waiting = new Map<string, Wait>();
  readonly #answered: (() => void)[] = [];
  readonly #now: () => string;
  #steps: Steps = {};
  #tokens = 0;
  #busy = 0;
  #idle: () => void = () => {};

  constructor(now: () => string) {
    this.#now = now;
  }

  attach(steps: Steps): void {
    this.#steps = steps;
  }

  /** As StartExecution: `false` when the name was used and its execution is over, or had another input. */
  start(name: string, input: string): boolean {
    const run = this.runs.get(name);
    if (run !== undefined) return run.status !== 'ended' && run.input === input;
    this.runs.set(name, { name, input, status: 'queued', transitions: [], life: 0 });
    return true;
  }

  /** As SendTaskSuccess: `false` when nobody waits for the token. */
  succeed(token: string, output: string): boolean {
    const wait = this.#waiting.get(token);
    if (wait === undefined) return false;
    this.#waiting.delete(token);
    this.#answered.push(() => wait.resolve(JSON.parse(output)));
    return true;
  }

  /** Lets executions run until each has ended or waits for a token that nobody has answered. */
  async pump(): Promise<void> {
    for (;;) {
      const queued = [...this.runs.values()].filter(({ status }) => status === 'queued');
      const answered = this.#answered.splice(0);
      if (queued.length === 0 && answered.length === 0 && this.#busy === 0) return;
      for (const run of queued) this.#run(run);
      for (const answer of answered) {
        this.#busy += 1;
        answer();
      }
      await new Promise<void>((resolve) => {
        this.#idle = resolve;
        this.#settle();
      });
    }
  }

  /** Somebody stops an execution from outside. */
  lose(name: string): void {
    const run = this.runs.get(name);
    if (run === undefined) throw new Error(`no execution ${name}`);
    run.status = 'ended';
    run.life += 1;
    run.abort?.();
    for (const [token, wait] of this.#waiting) if (wait.execution === name) this.#waiting.delete(token);
  }

  /** The machine stops and starts again: tokens of before are worth nothing, unfinished executions begin from their input. */
  restart(): void {
    this.#waiting.clear();
    this.#answered.length = 0;
    this.#busy = 0;
    for (const run of this.runs.values()) {
      if (run.status === 'ended') continue;
      run.status = 'queued';
      run.life += 1;
      run.abort?.();
    }
    this.#idle();
  }

  #settle(): void {
    if (this.#busy === 0) this.#idle();
  }

  #run(run: Run): void {
    run.status = 'running';
    this.#busy += 1;
    const entered = { name: '', time: '', attempts: 0, token: '' };
    const host = this;
    const states = new Proxy(this.#definition.States, {
      get(target, key, receiver) {
        if (typeof key === 'string' && Object.hasOwn(target, key)) {
          Object.assign(entered, { name: key, time: host.#now(), attempts: 0 });
          run.transitions.push(key);
        }
        return Reflect.get(target, key, receiver);
      },
    });
    const machine = new StateMachine(
      { ...this.#definition, States: states },
      { validationOptions: { noValidate: true } },
    );
    const tasks = Object.keys(this.#steps);
    const { result, abort } = machine.run(JSON.parse(run.input), {
      context: {
        Execution: { Id: `arn:execution:${run.name}`, Name: run.name },
        State: {
          get Name() {
            return entered.name;
          },
          get EnteredTime() {
            return entered.time;
          },
          get RetryCount() {
            return entered.attempts;
          },
        },
        Task: {
          get Token() {
            entered.token = `token-${run.name}-${host.#tokens}`;
            return entered.token;
          },
        },
      },
      overrides: {
        retryIntervalOverrides: Object.fromEntries(tasks.map((name) => [name, 0])),
        taskResourceLocalHandlers: Object.fromEntries(
          tasks.map((name) => [
            name,
            async (input: Json): Promise<Json> => {
              this.#tokens += 1;
              if (entered.attempts > 0) run.transitions.push(name);
              entered.attempts += 1;
              return await this.#perform(run, name, input, entered.token);
            },
          ]),
        ),
      },
    });
    let aborted = false;
    run.abort = () => {
      aborted = true;
      abort();
    };
    const end = (error?: unknown) => {
      if (aborted || error instanceof ExecutionAbortedError) return;
      run.status = 'ended';
      if (error instanceof Error) run.error = (error.cause instanceof Error ? error.cause : error).name;
      this.#busy -= 1;
      this.#settle();
    };
    result.then(() => end(), end);
  }

  /** The outcome of a step, for as long as the machine that runs it lives. */
  #alive<T>(run: Run, life: number, outcome: Promise<T>): Promise<T> {
    return outcome.then(
      (answer) => (run.life === life ? answer : never()),
      (error) => (run.life === life ? Promise.reject(error) : never()),
    );
  }

  async #perform(run: Run, name: string, input: Json, token: string): Promise<Json> {
    const step = this.#steps[name];
    if (step === undefined) throw new Error(`no step ${name}`);
    const { life } = run;
    const waits = typeof input === 'object' && input !== null && 'Payload' in input;
    if (!waits) return json(await this.#alive(run, life, step(input)));
    const answer = new Promise<unknown>((resolve) => {
      this.#waiting.set(token, { execution: run.name, resolve });
    });
    try {
      await this.#alive(run, life, step(input['Payload']));
    } catch (error) {
      // A function that failed after its token was answered has failed too late to matter.
      if (this.#waiting.delete(token)) throw error;
    }
    // From here on it only waits; whoever answers makes it busy again.
    this.#busy -= 1;
    this.#settle();
    return json(await answer);
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}

function json(value: unknown): Json {
  return JSON.parse(JSON.stringify(value ?? {}));
}
