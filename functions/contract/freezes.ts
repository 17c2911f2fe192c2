import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';
import { Id, Instant, Text } from './fields.ts';

/** Freezes: windows in which nothing executes (`deny`), or the only ones in which something does (`allow`). */

const mode = z.enum(['deny', 'allow']);
const onDue = z.enum(['wait', 'fail']);
const Rule = z.string().check(z.minLength(1), z.maxLength(200));
const Zone = z.string().check(z.minLength(1), z.maxLength(64));

/** Absent: once, in UTC, `deny`, `wait`. */
export const NewFreeze = z.strictObject({
  reason: Text,
  starts_at: Instant,
  ends_at: Instant,
  rrule: z.exactOptional(Rule),
  timezone: z.exactOptional(Zone),
  mode: z.exactOptional(mode),
  on_due: z.exactOptional(onDue),
});

/** What is absent stays as it is; `null` takes the recurrence away. */
export const FreezeChange = z.strictObject({
  reason: z.exactOptional(Text),
  starts_at: z.exactOptional(Instant),
  ends_at: z.exactOptional(Instant),
  rrule: z.exactOptional(z.nullable(Rule)),
  timezone: z.exactOptional(z.nullable(Zone)),
  mode: z.exactOptional(mode),
  on_due: z.exactOptional(onDue),
});

export const FreezeView = z.strictObject({
  id: Id,
  organization_id: Id,
  environment: z.string(),
  reason: z.string(),
  starts_at: Instant,
  ends_at: Instant,
  rrule: z.nullable(z.string()),
  timezone: z.nullable(z.string()),
  mode,
  on_due: onDue,
  created_by: z.string(),
  created_at: Instant,
  updated_at: Instant,
  version: z.int(),
});
export type FreezeView = z.infer<typeof FreezeView>;

/** All freezes that concern the scope, and what they say of the instant `at`. */
const FreezesView = z.strictObject({
  items: z.array(FreezeView),
  at: Instant,
  frozen: z.boolean(),
  reason: z.nullable(z.string()),
  next_open: z.nullable(Instant),
  next_close: z.nullable(Instant),
});

const path = '/api/v1/environments/{scope}/freezes';
const one = '/api/v1/environments/{scope}/freezes/{id}';
const base = { tag: 'freezes', body: EMPTY, query: EMPTY, response: FreezeView } as const;

export const createFreeze = endpoint({
  ...base,
  method: 'POST',
  path,
  operation: 'createFreeze',
  summary: 'Freezes an environment, or with * all of them, for a time',
  body: NewFreeze,
  status: [201],
  errors: ['unknown_environment', 'conflict', 'idempotency_key_reused'],
  idempotent: true,
});

export const listFreezes = endpoint({
  ...base,
  method: 'GET',
  path,
  operation: 'listFreezes',
  summary: 'Lists the freezes that concern an environment, and says whether it is frozen and until when',
  query: z.strictObject({ at: z.exactOptional(Instant) }),
  response: FreezesView,
  status: [200],
  errors: ['unknown_environment'],
});

export const getFreeze = endpoint({
  ...base,
  method: 'GET',
  path: one,
  operation: 'getFreeze',
  summary: 'Reads a freeze; its ETag is its version',
  status: [200],
  errors: ['unknown_environment'],
});

export const updateFreeze = endpoint({
  ...base,
  method: 'PUT',
  path: one,
  operation: 'updateFreeze',
  summary: 'Changes a freeze; what is absent stays as it is',
  body: FreezeChange,
  status: [200],
  errors: ['unknown_environment', 'precondition_failed', 'conflict'],
  if_match: true,
});

export const deleteFreeze = endpoint({
  method: 'DELETE',
  path: one,
  operation: 'deleteFreeze',
  summary: 'Lifts a freeze',
  tag: 'freezes',
  body: EMPTY,
  query: EMPTY,
  status: [204],
  errors: ['unknown_environment', 'precondition_failed', 'conflict'],
  if_match: true,
});
