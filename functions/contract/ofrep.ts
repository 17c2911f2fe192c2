import * as z from 'zod/mini';
import { endpoint } from './endpoint.ts';
import { EnvironmentName } from './fields.ts';

/**
 * The OpenFeature Remote Evaluation Protocol: any OpenFeature SDK with its OFREP provider asks here. The environment is that of the
 * credential when it has one, else `X-Sluice-Environment` or `environment` says it. Errors of evaluation have the protocol's own shape.
 */

const base = {
  tag: 'ofrep',
  method: 'POST',
  body: z.looseObject({ context: z.exactOptional(z.record(z.string(), z.json())) }),
  query: z.strictObject({ environment: z.exactOptional(EnvironmentName) }),
  errors: ['unknown_environment'],
} as const;

const Flag = z.strictObject({
  key: z.string(),
  reason: z.exactOptional(z.string()),
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
