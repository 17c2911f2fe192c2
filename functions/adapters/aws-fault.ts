import { Fault } from '../domain/faults.ts';

/** The names under which AWS services say "slower". */
const THROTTLED = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestThrottled',
  'RequestLimitExceeded',
  'ExecutionLimitExceeded',
  'LimitExceededException',
  'ServiceQuotaExceededException',
]);

/**
 * What an AWS call that failed stands for: `Throttled`, or `Unavailable` whatever else it was. A missing right or a wrong name is
 * one too: the intent stays on the item until an operator has put it right.
 */
export function awsFault(service: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const name = cause instanceof Error ? cause.name : 'unknown';
  return THROTTLED.has(name)
    ? new Fault('Throttled', `${service} says slower`, { cause })
    : new Fault('Unavailable', `${service} answered ${name}`, { cause });
}

/** Whether an error of a client has one of these names. */
export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
