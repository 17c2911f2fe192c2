import * as z from 'zod';
import { AwsError } from '../aws-endpoint.ts';
import { functionNameIn } from '../cloudformation/physical.ts';

/** What CreateSchedule and UpdateSchedule take, as far as one-time schedules of functions go; the rest is refused. */
const requestSchema = z.looseObject({
  GroupName: z.string().default('default'),
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.enum(['UTC']).default('UTC'),
  FlexibleTimeWindow: z.looseObject({ Mode: z.enum(['OFF']) }),
  ActionAfterCompletion: z.enum(['DELETE', 'NONE']).default('NONE'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.looseObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
  }),
});

/** A one-time schedule as asked for. */
export type Schedule = z.infer<typeof requestSchema> & {
  readonly Name: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly functionName: string;
  readonly event: unknown;
};

/** Reads a schedule, refusing as the service does what it would refuse, and what this machine cannot do. */
export function readSchedule(Name: string, input: unknown): Schedule {
  if (!/^[0-9a-zA-Z_.-]{1,64}$/.test(Name)) throw invalid('Name must be 1 to 64 of letters, digits and -_.');
  const parsed = requestSchema.safeParse(input);
  if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
  const [, time] = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)$/.exec(parsed.data.ScheduleExpression) ?? [];
  const at = Date.parse(`${time}Z`);
  if (Number.isNaN(at)) throw invalid('Invalid Schedule Expression.');
  const { Arn, Input } = parsed.data.Target;
  const functionName = functionNameIn(Arn);
  if (functionName === undefined || !Arn.includes(':lambda:')) throw invalid(`Not a function: ${Arn}`);
  return { ...parsed.data, Name, at, functionName, event: eventOf(Input) };
}

function eventOf(input: string | undefined): unknown {
  try {
    return input === undefined ? {} : JSON.parse(input);
  } catch {
    throw invalid('Input of a function must be JSON.');
  }
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
