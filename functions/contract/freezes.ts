import * as z from 'zod/mini';
import { EMPTY, endpoint } from './endpoint.ts';
import { Id, Instant, Text } from './fields.ts';
import { resource } from './resource.ts';

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

export const freezes = resource({
  tag: 'freezes',
  words: 'a freeze',
  path,
  key: 'id',
  operations: { create: 'createFreeze', get: 'getFreeze', replace: 'updateFreeze', remove: 'deleteFreeze' },
  body: NewFreeze,
  view: FreezeView,
  reasons: true,
  reading: ['unknown_environment'],
  errors: ['unknown_environment'],
  removal: ['unknown_environment'],
});

export const listFreezes = endpoint({
  method: 'GET',
  path,
  operation: 'listFreezes',
  summary: 'Lists the freezes that concern an environment, and says whether it is frozen and until when',
  tag: 'freezes',
  body: EMPTY,
  query: z.strictObject({ at: z.exactOptional(Instant) }),
  response: FreezesView,
  status: [200],
  errors: ['unknown_environment'],
});
