import * as z from 'zod';
import { AwsError, type AwsService } from '../aws-endpoint.ts';
import { parseJson } from '../json.ts';
import type { ExecutionRow } from './execution-store.ts';
import type { Executions } from './executions.ts';

/** Largest input or output in bytes of UTF-8. */
const maxPayloadBytes = 262_144;

const executionName = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/);

const startInput = z.object({
  stateMachineArn: z.string(),
  name: executionName.optional(),
  input: z.string().optional(),
});
const executionInput = z.object({ executionArn: z.string() });
const stopInput = executionInput.extend({ error: z.string().optional(), cause: z.string().optional() });
const tokenInput = z.object({ taskToken: z.string().min(1).max(2048) });
const successInput = tokenInput.extend({ output: z.string() });
const failureInput = tokenInput.extend({
  error: z.string().max(256).default('States.TaskFailed'),
  cause: z.string().max(32_768).default(''),
});

/** The operations of Step Functions that functions call, for the real SDK client. */
export function stepFunctionsService(executions: Executions): AwsService {
  return {
    name: 'sfn',
    target: 'AWSStepFunctions',
    operations: {
      StartExecution(raw) {
        const { stateMachineArn, name, input } = parse(startInput, raw);
        if (input !== undefined) parsePayload(input, 'InvalidExecutionInput');
        const { arn, started_at } = executions.start(stateMachineArn, name, input);
        return { executionArn: arn, startDate: started_at / 1000 };
      },
      DescribeExecution: (raw) => describe(executions.describe(parse(executionInput, raw).executionArn)),
      async StopExecution(raw) {
        const { executionArn, error, cause } = parse(stopInput, raw);
        const row = await executions.abort(executionArn, error ?? null, cause ?? null);
        return { stopDate: (row.stopped_at ?? Date.now()) / 1000 };
      },
      SendTaskSuccess(raw) {
        const { taskToken, output } = parse(successInput, raw);
        executions.tokens.succeed(taskToken, parsePayload(output, 'InvalidOutput'));
      },
      SendTaskFailure(raw) {
        const { taskToken, error, cause } = parse(failureInput, raw);
        executions.tokens.fail(taskToken, error, cause);
      },
      SendTaskHeartbeat(raw) {
        executions.tokens.heartbeat(parse(tokenInput, raw).taskToken);
      },
    },
  };
}

function describe(row: ExecutionRow): Record<string, unknown> {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machine_arn,
    name: row.name,
    status: row.status,
    startDate: row.started_at / 1000,
    input: row.input,
    inputDetails: { included: true },
    ...(row.stopped_at === null ? {} : { stopDate: row.stopped_at / 1000 }),
    ...(row.output === null ? {} : { output: row.output, outputDetails: { included: true } }),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.cause === null ? {} : { cause: row.cause }),
  };
}

function parse<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new AwsError('ValidationException', z.prettifyError(parsed.error));
}

function parsePayload(text: string, code: string): unknown {
  const value = parseJson(text);
  if (value === undefined) throw new AwsError(code, 'The payload is not valid JSON.');
  if (Buffer.byteLength(text) > maxPayloadBytes)
    throw new AwsError('ValidationException', 'The payload is too large.');
  return value;
}
