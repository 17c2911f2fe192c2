import * as z from 'zod/mini';
import { Instant } from '../domain/fields.ts';
import { freeze } from '../domain/freeze/freeze.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { resource } from './resource.ts';

/** Freezes: windows in which nothing executes (`deny`), or the only ones in which something does (`allow`). */

export const FreezeView = freeze.view;
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
  body: freeze.body,
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
