import * as z from 'zod/mini';
import type { ScheduleTarget } from '../adapters/scheduler/schedules.ts';

/** What the deployment gives every function. */
const Environment = z.object({
  TABLE_NAME: z.string().check(z.minLength(1)),
  BUS_NAME: z.optional(z.string().check(z.minLength(1))),
  PROMOTION_STATE_MACHINE_ARN: z.optional(z.string().check(z.minLength(1))),
  AUDIT_KEY_ID: z.optional(z.string().check(z.minLength(1))),
  SCHEDULE_GROUP: z.optional(z.string().check(z.minLength(1))),
  SCHEDULE_FUNCTION_ARN: z.optional(z.string().check(z.minLength(1))),
  SCHEDULE_ROLE_ARN: z.optional(z.string().check(z.minLength(1))),
  SCHEDULE_DEAD_LETTER_ARN: z.optional(z.string().check(z.minLength(1))),
  MAIL_FROM: z.optional(z.string().check(z.minLength(3))),
  FLAG_STREAM_URL: z.optional(z.string()),
  MOST_FLAG_STREAMS: z.optional(z.string().check(z.regex(/^\d{1,4}$/))),
  SECRETS_PREFIX: z.optional(z.string().check(z.minLength(1))),
  SLUICE_SLACK_API_URL: z.optional(z.string().check(z.regex(/^https?:\/\/\S+$/))),
  SLUICE_EGRESS_ALLOW_LOOPBACK: z.optional(z.enum(['true', 'false'])),
});

/** The settings of a function. Those that only some functions have are optional: `wire` demands what it needs. */
export type Environment = {
  readonly tableName: string;
  readonly busName?: string;
  readonly promotionStateMachineArn?: string;
  /** The key that signs checkpoints. */
  readonly auditKeyId?: string;
  /** Where timers are set, and what they call. */
  readonly schedules?: ScheduleTarget;
  /** The address that mail comes from. */
  readonly mailFrom?: string;
  /** Where flags are streamed, with a slash at the end. */
  readonly flagStreamUrl?: string;
  /** Streams of flags that all tenants together have at once. */
  readonly mostFlagStreams?: number;
  /** How the names of this installation's secrets begin. */
  readonly secretsPrefix?: string;
  /** Only the local runtime sets it: outgoing calls to loopback, over http. */
  readonly allowLoopback: boolean;
  /** Only the local runtime sets it: what stands in for Slack's Web API. */
  readonly slackApiUrl?: string;
};

/** Reads the process's environment. Throws when a variable is missing or malformed, naming it. */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const parsed = z.safeParse(Environment, variables);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new Error(`environment variables missing or malformed: ${names.join(', ')}`);
  }
  const {
    TABLE_NAME,
    BUS_NAME,
    PROMOTION_STATE_MACHINE_ARN,
    AUDIT_KEY_ID,
    MAIL_FROM,
    FLAG_STREAM_URL,
    MOST_FLAG_STREAMS,
    SECRETS_PREFIX,
    SLUICE_EGRESS_ALLOW_LOOPBACK,
    SLUICE_SLACK_API_URL,
  } = parsed.data;
  return {
    tableName: TABLE_NAME,
    ...(BUS_NAME === undefined ? {} : { busName: BUS_NAME }),
    ...(PROMOTION_STATE_MACHINE_ARN === undefined
      ? {}
      : { promotionStateMachineArn: PROMOTION_STATE_MACHINE_ARN }),
    ...(AUDIT_KEY_ID === undefined ? {} : { auditKeyId: AUDIT_KEY_ID }),
    ...schedulesIn(parsed.data),
    ...(MAIL_FROM === undefined ? {} : { mailFrom: MAIL_FROM }),
    // Empty where the installation has no streams.
    ...(FLAG_STREAM_URL ? { flagStreamUrl: FLAG_STREAM_URL } : {}),
    ...(MOST_FLAG_STREAMS === undefined ? {} : { mostFlagStreams: Number(MOST_FLAG_STREAMS) }),
    ...(SECRETS_PREFIX === undefined ? {} : { secretsPrefix: SECRETS_PREFIX }),
    allowLoopback: SLUICE_EGRESS_ALLOW_LOOPBACK === 'true',
    ...(SLUICE_SLACK_API_URL === undefined ? {} : { slackApiUrl: SLUICE_SLACK_API_URL }),
  };
}

function schedulesIn(variables: z.infer<typeof Environment>): Pick<Environment, 'schedules'> {
  const {
    SCHEDULE_GROUP: group,
    SCHEDULE_FUNCTION_ARN: functionArn,
    SCHEDULE_ROLE_ARN: roleArn,
    SCHEDULE_DEAD_LETTER_ARN: deadLetterArn,
  } = variables;
  if (group === undefined || functionArn === undefined || roleArn === undefined) return {};
  return deadLetterArn === undefined ? {} : { schedules: { group, functionArn, roleArn, deadLetterArn } };
}
