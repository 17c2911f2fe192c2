import * as z from 'zod/mini';
import { At, base, FlagFields, ONE_BODY, path } from './config-entry-shapes.ts';
import { endpoint } from './endpoint.ts';

/** Dry runs of flags: who would get what, and why. */

const JudgedRule = z.strictObject({
  name: z.nullable(z.string()),
  /** A rule behind the one that decides is not reached. */
  outcome: z.enum(['decides', 'not_met', 'not_reached']),
  /** In words: what of its condition is met, or not. */
  why: z.string(),
});

export const FlagExplanationView = z.strictObject({
  ...At,
  key: z.string(),
  /** `withheld`: the flag is sensitive, and the caller may not read it. */
  outcome: z.enum(['served', 'disabled', 'no_targeting_key', 'unusable', 'withheld']),
  /** In words: what decided. */
  why: z.string(),
  reason: z.nullable(z.enum(['STATIC', 'TARGETING_MATCH', 'SPLIT', 'DEFAULT'])),
  variant: z.nullable(z.string()),
  /** Absent unless it is served. */
  value: z.exactOptional(z.unknown()),
  /** In their order. */
  rules: z.array(JudgedRule),
});
export type FlagExplanationView = z.infer<typeof FlagExplanationView>;

export const explainFlag = endpoint({
  ...base,
  method: 'POST',
  path: path('flags/{key+}/evaluate'),
  operation: 'explainFlag',
  summary: 'Explain what a context gets of a flag, rule by rule; nothing is counted or kept',
  body: z.strictObject({
    /** Who asks, as OpenFeature hands it over. */
    context: z.exactOptional(z.record(z.string(), z.json())),
    /** Evaluated in place of the stored flag: what a change would do. */
    flag: z.exactOptional(FlagFields),
  }),
  response: FlagExplanationView,
  errors: ['unknown_environment'],
  any_number: true,
  max_body: ONE_BODY,
});
