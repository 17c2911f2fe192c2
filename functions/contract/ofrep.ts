import * as z from 'zod/mini';
import { EnvironmentName } from '../domain/fields.ts';
import { endpoint } from './endpoint.ts';

/**
 * The OpenFeature Remote Evaluation Protocol: any OpenFeature SDK with its OFREP provider asks here, with a URL and a flag key and
 * nothing else. The environment is that of the credential when it has one, else `X-Sluice-Environment` or `environment` says it. Errors have the protocol's `key`, `errorCode` and
 * `errorDetails`, beside the members of a problem. A number of the context that JSON readers disagree on (beyond 2^53-1) counts as absent.
 */

const base = {
  tag: 'ofrep',
  method: 'POST',
  body: z.looseObject({ context: z.exactOptional(z.record(z.string(), z.json())) }),
  query: z.strictObject({
    environment: z.exactOptional(EnvironmentName),
    /** What a stream of changes told a client, which OFREP has it repeat; flags are read consistently, so that nothing follows from it. */
    flagConfigEtag: z.exactOptional(z.string().check(z.maxLength(300))),
    flagConfigLastModified: z.exactOptional(z.string().check(z.maxLength(100))),
  }),
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

const EventStream = z.strictObject({ type: z.literal('sse'), url: z.string(), inactivityDelaySec: z.int() });

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
  response: z.strictObject({
    flags: z.array(Flag),
    /** Where changes are told at once, to flag keys of an installation that has streams. The address opens that stream alone: do not log it. */
    eventStreams: z.exactOptional(z.array(EventStream)),
  }),
  status: [200, 304],
});
