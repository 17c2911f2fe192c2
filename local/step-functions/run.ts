import { ExecutionAbortedError, StateMachine } from 'aws-local-stepfunctions';
import type { Functions } from '../lambda/functions.ts';
import type { PreparedDefinition } from './definition.ts';
import { performTask } from './tasks.ts';
import type { TaskTokens } from './tokens.ts';

/** One pass of the interpreter over one execution, from its input. */
export interface RunInput {
  readonly executionArn: string;
  readonly executionName: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly prepared: PreparedDefinition;
  readonly input: unknown;
  readonly functions: Functions;
  readonly tokens: TaskTokens;
  /** Called for every state entered and every retry: what Step Functions charges as a transition. */
  readonly onTransition: () => void;
}

/** How a run ended. */
export type RunEnd =
  | { readonly status: 'SUCCEEDED'; readonly output: unknown }
  | { readonly status: 'FAILED'; readonly error: string; readonly cause: string }
  | { readonly status: 'ABORTED' };

/** A run under way. `end` never rejects. */
export interface Run {
  readonly end: Promise<RunEnd>;
  abort(): void;
}

type Json = Parameters<StateMachine['run']>[0];

/** The state that was entered last, and its attempt. */
interface Entered {
  name: string;
  time: string;
  attempts: number;
  token: string | undefined;
}

/**
 * Interprets a definition. The interpreter reads `States[name]` exactly once when it enters a state and builds the
 * state's input in the same turn, up to the call of the task's handler; the context object counts on that order.
 * (Retries inside Parallel and Map may therefore see the `$$.State` of a sibling.)
 */
export function startRun(run: RunInput): Run {
  const closed = new AbortController();
  const entered: Entered = { name: '', time: '', attempts: 0, token: undefined };
  const { definition } = run.prepared;
  const states = new Proxy(definition.States, {
    get(target, key, receiver) {
      if (typeof key === 'string' && Object.hasOwn(target, key)) {
        Object.assign(entered, { name: key, time: new Date().toISOString(), attempts: 0, token: undefined });
        run.onTransition();
      }
      return Reflect.get(target, key, receiver);
    },
  });
  const machine = new StateMachine(
    { ...definition, States: states },
    { validationOptions: { noValidate: true } },
  );
  const names = [...run.prepared.tasks.keys()];
  const { result, abort } = machine.run(json(run.input), {
    context: contextOf(run, entered),
    overrides: {
      taskResourceLocalHandlers: Object.fromEntries(
        names.map((name) => [name, (input: Json) => attempt(run, name, input, entered, closed.signal)]),
      ),
    },
  });
  const end = result.then((output): RunEnd => ({ status: 'SUCCEEDED', output }), failureOf);
  return {
    end: end.finally(() => closed.abort()),
    abort() {
      closed.abort();
      abort();
    },
  };
}

async function attempt(
  run: RunInput,
  name: string,
  input: Json,
  entered: Entered,
  closed: AbortSignal,
): Promise<Json> {
  const task = run.prepared.tasks.get(name);
  if (task === undefined) throw new Error(`There is no Task state ${name}.`);
  const { token } = entered;
  entered.token = undefined;
  if (entered.attempts > 0) run.onTransition();
  entered.attempts += 1;
  return json(
    await performTask(task, input, { functions: run.functions, tokens: run.tokens, token, closed }),
  );
}

/** The context object. A path may be evaluated more than once, so a token is made once per attempt. */
function contextOf(run: RunInput, entered: Entered) {
  return {
    Execution: {
      Id: run.executionArn,
      Name: run.executionName,
      RoleArn: 'arn:aws:iam::000000000000:role/local',
    },
    StateMachine: { Id: run.machineArn, Name: run.machineName },
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
        entered.token ??= run.tokens.issue(run.executionArn);
        return entered.token;
      },
    },
  };
}

/** The interpreter wraps what a state failed with; the error's name is on the wrapped one. */
function failureOf(error: unknown): RunEnd {
  if (error instanceof ExecutionAbortedError) return { status: 'ABORTED' };
  const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (inner instanceof Error) return { status: 'FAILED', error: inner.name, cause: inner.message };
  return { status: 'FAILED', error: 'States.Runtime', cause: String(inner) };
}

function json(value: unknown): Json {
  if (isJson(value)) return value;
  throw new Error('Expected a JSON value.');
}

function isJson(value: unknown): value is Json {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol';
}
