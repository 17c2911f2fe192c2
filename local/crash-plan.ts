/** Where a test wants the runtime to die. */
export interface CrashPlan {
  /** True when calls to the table must pass through the runtime so that the plan sees them. */
  readonly watchesTable: boolean;
  /** Performs one call of a function to a service, dying before or after it when the plan says so. */
  around<T>(service: string, operation: string, perform: () => Promise<T>): Promise<T>;
}

interface Point {
  readonly call: string;
  readonly nth: number;
  seen: number;
}

/**
 * Reads `SLUICE_LOCAL_CRASH_BEFORE` and `SLUICE_LOCAL_CRASH_AFTER`: `<service>.<Operation>:<n>`, for example
 * `dynamodb.TransactWriteItems:3`. The n-th such call kills the process before it is forwarded, or after it took effect
 * and before it is answered. Services: dynamodb, sfn, events, s3, scheduler, secretsmanager, ses, sqs. Throws on anything else.
 */
export function readCrashPlan(environment: Readonly<Record<string, string | undefined>>): CrashPlan {
  const before = pointIn(environment['SLUICE_LOCAL_CRASH_BEFORE']);
  const after = pointIn(environment['SLUICE_LOCAL_CRASH_AFTER']);
  return {
    watchesTable: [before, after].some((point) => point?.call.startsWith('dynamodb.')),
    async around(service, operation, perform) {
      const call = `${service}.${operation}`;
      dieAt(before, call);
      const result = await perform();
      dieAt(after, call);
      return result;
    },
  };
}

function pointIn(text: string | undefined): Point | undefined {
  if (text === undefined || text === '') return undefined;
  const match =
    /^((?:dynamodb|sfn|events|s3|scheduler|secretsmanager|ses|sqs)\.[A-Za-z]+):([1-9][0-9]*)$/.exec(text);
  if (match === null) throw new Error(`A crash point reads <service>.<Operation>:<n>, not ${text}.`);
  return { call: match[1] ?? '', nth: Number(match[2]), seen: 0 };
}

function dieAt(point: Point | undefined, call: string): void {
  if (point?.call !== call) return;
  point.seen += 1;
  if (point.seen === point.nth) process.kill(process.pid, 'SIGKILL');
}
