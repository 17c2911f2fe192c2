import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';
import { EnvironmentName } from './fields.ts';

/**
 * The OpenFeature Remote Evaluation Protocol: any OpenFeature SDK with its OFREP provider asks here, with a URL and a flag key and
 * nothing else. The environment is that of the credential when it has one, else `X-Sluice-Environment` or `environment` says it. Errors have the protocol's `key`, `errorCode` and
 * `errorDetails`, beside the members of a problem. A number of the context that JSON readers disagree on (beyond 2^53-1) counts as absent.
 */

const base = {
  tag: 'ofrep',
  method: 'POST',
  body: z.looseObject({ context: z.exactOptional(z.record(z.string(), z.json())) }),
  query: z.strictObject({ environment: z.exactOptional(EnvironmentName) }),
  errors: ['unknown_environment'],
  any_number: true,
  keyed: true,
} as const;

const Flag = z.strictObject({
  key: z.string(),
  reason: z.exactOptional(z.string()),
  /** Empty when the flag is disabled: a provider requires it. */
  variant: z.exactOptional(z.string()),
  /** Absent when the flag is disabled: the protocol's word for the code's own default, which older providers report as an error. */
  value: z.exactOptional(z.unknown()),
  errorCode: z.exactOptional(z.string()),
  errorDetails: z.exactOptional(z.string()),
});

export const evaluateFlag = endpoint({
  ...base,
  path: '/ofrep/v1/evaluate/flags/{key+}',
  operation: 'evaluateFlag',
  summary: 'Evaluates one flag for a context (OFREP)',
  response: Flag,
  status: [200],
});

export const evaluateFlags = endpoint({
  ...base,
  path: '/ofrep/v1/evaluate/flags',
  operation: 'evaluateFlags',
  summary: 'Evaluates all flags for a context (OFREP); `ETag` covers the flags and the context',
  response: z.strictObject({ flags: z.array(Flag) }),
  status: [200, 304],
});
