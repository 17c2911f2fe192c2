import { Fault } from '../../functions/domain/faults.ts';

/** What the SDK throws, and how tests see what an adapter makes of it. */

export const named = (name: string, extra: object = {}): Error =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode: 400 } }, extra);

export const THROWN: readonly (readonly [string, Error, 'Throttled' | 'Unavailable'])[] = [
  ['throttling', named('ThrottlingException'), 'Throttled'],
  ['too many requests', named('TooManyRequestsException'), 'Throttled'],
  ['a time-out', named('TimeoutError'), 'Unavailable'],
  ['a call that was given up', named('AbortError'), 'Unavailable'],
  ['a reset connection', named('Error', { code: 'ECONNRESET' }), 'Unavailable'],
  [
    'a fault of the service',
    named('InternalServerError', { $metadata: { httpStatusCode: 500 } }),
    'Unavailable',
  ],
  ['an expired token', named('ExpiredTokenException'), 'Unavailable'],
  ['credentials that cannot be had', named('CredentialsProviderError'), 'Unavailable'],
];

export const outcomeOf = (act: Promise<unknown>): Promise<string> =>
  act.then(
    (answer) => `answered ${JSON.stringify(answer)}`,
    (error: unknown) =>
      error instanceof Fault ? error.name : `no fault: ${error instanceof Error ? error.name : 'unknown'}`,
  );
