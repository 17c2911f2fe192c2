import { StateMachine, type StateMachineDefinition } from 'aws-local-stepfunctions';
import { isRecord } from '../json.ts';

/** Longest `TimeoutSeconds` the interpreter can hold: setTimeout overflows at 2^31 ms (24.8 days) and fires at once. */
const maxTimeoutSeconds = 2_147_483;

/** What the host must know about a Task state, by the state's name. */
export interface TaskState {
  readonly resource: string;
  readonly heartbeatSeconds: number | undefined;
  /** Whether a Retry or Catch names `States.HeartbeatTimeout`, which otherwise counts as `States.Timeout`. */
  readonly namesHeartbeatTimeout: boolean;
}

/** A definition ready for the interpreter. */
export interface PreparedDefinition {
  /** Every long timer is taken out, and every Wait state is a Task that the host performs. */
  readonly definition: StateMachineDefinition;
  readonly tasks: ReadonlyMap<string, TaskState>;
  /** The machine's own TimeoutSeconds, which the host keeps because it outlives a restart. */
  readonly timeoutSeconds: number | undefined;
}

/** The resource of the Tasks that stand for Wait states. */
export const waitResource = 'local:wait';

/**
 * Validates a definition and adapts it to the interpreter.
 * Throws when it is not valid ASL, or uses what the interpreter would ignore without a word.
 */
export function prepareDefinition(source: unknown): PreparedDefinition {
  refuseUnsupported(source);
  if (!isDefinition(source)) throw new Error('A state machine definition needs StartAt and States.');
  new StateMachine(source);
  const tasks = new Map<string, TaskState>();
  const { TimeoutSeconds: timeoutSeconds, ...rest } = source;
  const definition: unknown = { ...rest, States: prepareStates(source.States, tasks) };
  if (!isDefinition(definition)) throw new Error('The prepared definition lost its states.');
  return { definition, tasks, timeoutSeconds };
}

function isDefinition(value: unknown): value is StateMachineDefinition {
  return isRecord(value) && typeof value['StartAt'] === 'string' && isRecord(value['States']);
}

function refuseUnsupported(value: unknown): void {
  if (Array.isArray(value)) for (const item of value) refuseUnsupported(item);
  if (!isRecord(value)) return;
  if (value['QueryLanguage'] === 'JSONata') throw new Error('The local interpreter does not know JSONata.');
  if (typeof value['Type'] === 'string' && value['Assign'] !== undefined) {
    throw new Error('The local interpreter does not know Assign.');
  }
  for (const item of Object.values(value)) refuseUnsupported(item);
}

function prepareStates(states: unknown, tasks: Map<string, TaskState>): Record<string, unknown> {
  if (!isRecord(states)) throw new Error('States must be an object.');
  return Object.fromEntries(
    Object.entries(states).map(([name, state]) => [name, prepareState(name, state, tasks)]),
  );
}

function prepareState(name: string, state: unknown, tasks: Map<string, TaskState>): unknown {
  if (!isRecord(state)) throw new Error(`The state ${name} must be an object.`);
  switch (state['Type']) {
    case 'Task':
      tasks.set(name, taskOf(state));
      return withTimeout(state);
    case 'Wait': {
      const { Seconds, SecondsPath, Timestamp, TimestampPath, ...rest } = state;
      tasks.set(name, { resource: waitResource, heartbeatSeconds: undefined, namesHeartbeatTimeout: false });
      const until = [
        ['Seconds', Seconds],
        ['Seconds.$', SecondsPath],
        ['Timestamp', Timestamp],
        ['Timestamp.$', TimestampPath],
      ].filter(([, value]) => value !== undefined);
      return withTimeout({
        ...rest,
        Type: 'Task',
        Resource: waitResource,
        Parameters: Object.fromEntries(until),
        ResultPath: null,
      });
    }
    case 'Parallel': {
      const branches: unknown = state['Branches'];
      const prepared = Array.isArray(branches) ? branches.map((branch) => prepareNested(branch, tasks)) : [];
      return { ...state, Branches: prepared };
    }
    case 'Map': {
      const key = state['ItemProcessor'] === undefined ? 'Iterator' : 'ItemProcessor';
      return { ...state, [key]: prepareNested(state[key], tasks) };
    }
    default:
      return state;
  }
}

function prepareNested(machine: unknown, tasks: Map<string, TaskState>): unknown {
  return isRecord(machine) ? { ...machine, States: prepareStates(machine['States'], tasks) } : machine;
}

/** Without a timeout of its own a Task may take as long as it likes; the interpreter would give it a minute. */
function withTimeout(state: Record<string, unknown>): Record<string, unknown> {
  if (state['TimeoutSecondsPath'] !== undefined) return state;
  const seconds = typeof state['TimeoutSeconds'] === 'number' ? state['TimeoutSeconds'] : maxTimeoutSeconds;
  return { ...state, TimeoutSeconds: Math.min(seconds, maxTimeoutSeconds) };
}

function taskOf(state: Record<string, unknown>): TaskState {
  const heartbeat = state['HeartbeatSeconds'];
  const handlers = JSON.stringify([state['Retry'], state['Catch']]);
  return {
    resource: String(state['Resource']),
    heartbeatSeconds: typeof heartbeat === 'number' ? heartbeat : undefined,
    namesHeartbeatTimeout: handlers.includes('"States.HeartbeatTimeout"'),
  };
}
