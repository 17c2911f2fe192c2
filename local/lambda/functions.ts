import type { Writable } from 'node:stream';
import type { FunctionDefinition } from '../cloudformation/functions.ts';
import { functionNameIn, type Surroundings } from '../cloudformation/physical.ts';
import { FunctionPool, type PoolLimits } from './pool.ts';
import type { InvokeResult } from './protocol.ts';

/** The Lambda service of the local runtime. */
export interface Functions {
  readonly definitions: readonly FunctionDefinition[];
  /** Invokes by name or ARN. Never rejects; an unknown function is the error Lambda would answer. */
  invoke(nameOrArn: string, event: unknown): Promise<InvokeResult>;
  /** Starts one thread of every function, one after another so that requests are not starved of processor time. */
  warm(): Promise<void>;
  stop(): Promise<void>;
}

/** What the functions of a runtime share. */
export interface FunctionsOptions {
  readonly surroundings: Surroundings;
  /** Variables that only the local runtime sets: service endpoints, credentials. */
  readonly local: Readonly<Record<string, string>>;
  readonly limits: PoolLimits;
  readonly log: Writable;
  readonly clock?: SharedArrayBuffer;
}

/** Builds a pool for every function of the template. */
export function createFunctions(
  definitions: readonly FunctionDefinition[],
  options: FunctionsOptions,
): Functions {
  const { surroundings, local, limits, ...rest } = options;
  const pools = new Map(
    definitions.map((definition) => {
      const environment = { ...reserved(definition, surroundings), ...definition.environment, ...local };
      return [definition.name, new FunctionPool(definition, { ...rest, environment }, limits)];
    }),
  );
  return {
    definitions,
    async invoke(nameOrArn, event) {
      const pool = pools.get(functionNameIn(nameOrArn) ?? nameOrArn);
      if (pool !== undefined) return pool.invoke(event);
      const errorMessage = `Function not found: ${nameOrArn}`;
      return { ok: false, error: { errorType: 'Lambda.ResourceNotFoundException', errorMessage } };
    },
    async warm() {
      for (const pool of pools.values()) await pool.warm();
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
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
