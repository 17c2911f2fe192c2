import { randomUUID } from 'node:crypto';
import { AwsError } from '../aws-endpoint.ts';
import type { StateMachineResource } from '../cloudformation/state-machines.ts';
import type { Functions } from '../lambda/functions.ts';
import { longTimeout } from '../long-timeout.ts';
import { type PreparedDefinition, prepareDefinition } from './definition.ts';
import type { ExecutionEnd, ExecutionRow, ExecutionStore } from './execution-store.ts';
import { type Run, startRun } from './run.ts';
import { checkResource } from './tasks.ts';
import { TaskTokens } from './tokens.ts';

/** A run is started afresh after so long, before the interpreter's own longest timer (24.8 days) would fire. */
const renewAfterMs = 20 * 24 * 3600 * 1000;

interface Machine {
  readonly resource: StateMachineResource;
  readonly prepared: PreparedDefinition;
}

interface Live {
  transitions: number;
  run: Run | undefined;
  /** Set before the run is aborted on purpose: what it then ends as, or `renew`. */
  verdict: ExecutionEnd | 'renew' | undefined;
}

/** The Step Functions service: starts executions, keeps what became of them, and takes unfinished ones up again. */
export class Executions {
  readonly tokens: TaskTokens;
  readonly #store: ExecutionStore;
  readonly #functions: Functions;
  readonly #machines: ReadonlyMap<string, Machine>;
  readonly #live = new Map<string, Live>();
  #stopped = false;

  /** Throws when a definition is invalid or names a resource that is not performed locally. */
  constructor(store: ExecutionStore, functions: Functions, resources: readonly StateMachineResource[]) {
    this.#store = store;
    this.#functions = functions;
    this.tokens = new TaskTokens((arn) => store.find(arn) !== undefined);
    this.#machines = new Map(
      resources.map((resource) => {
        const prepared = prepareDefinition(resource.definition);
        for (const task of prepared.tasks.values()) checkResource(task.resource);
        return [resource.arn, { resource, prepared }];
      }),
    );
  }

  /** Starts an execution; the same name and input as a running one answers that one. */
  start(machineArn: string, name: string = randomUUID(), input = '{}'): ExecutionRow {
    const machine = this.#machines.get(machineArn);
    if (machine === undefined) {
      throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machineArn}'`);
    }
    const arn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const existing = this.#store.find(arn);
    if (existing !== undefined) {
      if (existing.status === 'RUNNING' && existing.input === input) return existing;
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    this.#store.insert({ arn, machine_arn: machineArn, name, input, started_at: Date.now() });
    const row = this.describe(arn);
    this.#run(row, machine);
    return row;
  }

  describe(arn: string): ExecutionRow {
    const row = this.#store.find(arn);
    if (row === undefined) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return { ...row, transitions: this.#live.get(arn)?.transitions ?? row.transitions };
  }

  /** The newest executions, with the transitions counted so far. */
  latest(limit: number): readonly ExecutionRow[] {
    return this.#store.latest(limit).map(({ arn }) => this.describe(arn));
  }

  /** Aborts an execution; one that is closed already stays as it is. */
  async abort(arn: string, error: string | null, cause: string | null): Promise<ExecutionRow> {
    this.describe(arn);
    const live = this.#live.get(arn);
    if (live !== undefined) {
      live.verdict = { status: 'ABORTED' };
      live.run?.abort();
      await live.run?.end;
      this.#store.explain(arn, error, cause);
    }
    return this.describe(arn);
  }

  /** Starts every unfinished execution again, from its input. One whose machine is gone is left as it is. */
  resume(): void {
    for (const row of this.#store.unfinished()) {
      const machine = this.#machines.get(row.machine_arn);
      if (machine !== undefined) this.#run(row, machine);
    }
  }

  /** Lets go of every run without recording an end: the next start takes them up again. */
  stop(): void {
    this.#stopped = true;
    for (const { run } of this.#live.values()) run?.abort();
  }

  #run(row: ExecutionRow, machine: Machine): void {
    const live: Live = this.#live.get(row.arn) ?? { transitions: 0, run: undefined, verdict: undefined };
    live.verdict = undefined;
    this.#live.set(row.arn, live);
    const run = startRun({
      executionArn: row.arn,
      executionName: row.name,
      machineArn: row.machine_arn,
      machineName: machine.resource.name,
      prepared: machine.prepared,
      input: JSON.parse(row.input),
      functions: this.#functions,
      tokens: this.tokens,
      onTransition: () => {
        live.transitions += 1;
      },
    });
    live.run = run;
    const cancelTimers = this.#timers(row, machine.prepared, live);
    void run.end.then((end) => {
      cancelTimers();
      if (this.#stopped) return;
      if (live.verdict === 'renew') return this.#run(row, machine);
      this.#live.delete(row.arn);
      this.#store.finish(row.arn, live.verdict ?? end, Date.now(), live.transitions);
    });
  }

  #timers(row: ExecutionRow, prepared: PreparedDefinition, live: Live): () => void {
    const end = (verdict: Live['verdict']) => () => {
      live.verdict = verdict;
      live.run?.abort();
    };
    const cancelRenewal = longTimeout(renewAfterMs, end('renew'));
    const { timeoutSeconds } = prepared;
    if (timeoutSeconds === undefined) return cancelRenewal;
    const left = row.started_at + timeoutSeconds * 1000 - Date.now();
    const cancelTimeout = longTimeout(left, end({ status: 'TIMED_OUT' }));
    return () => {
      cancelRenewal();
      cancelTimeout();
    };
  }
}
