import type { Writable } from 'node:stream';
import type { FunctionDefinition } from '../cloudformation/functions.ts';
import { functionNameIn, type Surroundings } from '../cloudformation/physical.ts';
import type { Sources } from '../watch.ts';
import type { InvokeResult } from './protocol.ts';
import { type Streamed, type StreamedAnswer, StreamingFunction } from './streaming.ts';
import { type ThreadedFunction, type ThreadLimits, Threads } from './threads.ts';

/** The Lambda service of the local runtime. */
export interface Functions {
  readonly definitions: readonly FunctionDefinition[];
  /** Invokes by name or ARN. Never rejects; an unknown function is the error Lambda would answer. */
  invoke(nameOrArn: string, event: unknown): Promise<InvokeResult>;
  stop(): Promise<void>;
}

/** The functions that stream their answers. */
export interface StreamingFunctions {
  /** Invokes one by its name. Rejects only where its code does not build. */
  stream(name: string, event: unknown, answer: StreamedAnswer): Promise<Streamed>;
}

/** What the functions of a runtime share. */
export interface FunctionsOptions {
  readonly surroundings: Surroundings;
  /** Variables that only the local runtime sets: service endpoints, credentials. */
  readonly local: Readonly<Record<string, string>>;
  readonly limits: ThreadLimits;
  readonly log: Writable;
  readonly clock?: SharedArrayBuffer;
  /** Absent: the functions stay as the template has them. */
  readonly sources?: Sources;
}

/** Makes the functions of the template callable; each is loaded when it is first called. */
export function createFunctions(
  definitions: readonly FunctionDefinition[],
  options: FunctionsOptions,
): Functions & StreamingFunctions {
  const { surroundings, local, limits, sources, ...rest } = options;
  const threads = new Threads(limits);
  const functions = new Map(
    definitions.map((definition): [string, ThreadedFunction] => {
      const environment = { ...reserved(definition, surroundings), ...definition.environment, ...local };
      return [definition.name, { definition, options: { ...rest, environment } }];
    }),
  );
  const streaming = new Map<string, StreamingFunction>();
  const renew = async (known: ThreadedFunction): Promise<void> => {
    const { definition } = known;
    const file = await sources?.latest(definition.environment['POWERTOOLS_SERVICE_NAME'] ?? '');
    if (file === undefined || file === known.definition.file) return;
    threads.replace(known, { ...definition, file, hasMaps: true });
  };
  return {
    definitions,
    async invoke(nameOrArn, event) {
      const known = functions.get(functionNameIn(nameOrArn) ?? nameOrArn);
      if (known !== undefined) {
        try {
          await renew(known);
        } catch (error) {
          const errorMessage = error instanceof Error ? error.message : String(error);
          return { ok: false, error: { errorType: 'Sandbox.BuildFailed', errorMessage } };
        }
        return threads.invoke(known, event);
      }
      const errorMessage = `Function not found: ${nameOrArn}`;
      return { ok: false, error: { errorType: 'Lambda.ResourceNotFoundException', errorMessage } };
    },
    async stream(name, event, answer) {
      const known = functions.get(name);
      if (known === undefined) return 'unknown';
      await renew(known);
      const stream = streaming.get(name) ?? new StreamingFunction(known);
      streaming.set(name, stream);
      return stream.invoke(event, answer);
    },
    async stop() {
      await Promise.all([threads.stop(), ...[...streaming.values()].map((stream) => stream.stop())]);
    },
  };
}

/** The reserved variables of the Lambda runtime that libraries look at. */
function reserved(definition: FunctionDefinition, { region }: Surroundings): Record<string, string> {
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/usr/local/bin:/usr/bin/:/bin',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${definition.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: definition.file.slice(0, definition.file.lastIndexOf('/')),
  };
}
