import * as z from 'zod/mini';
import { Text } from '../domain/fields.ts';
import { flagKey } from '../domain/flags/flag-key.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';

/** Keys for clients of flags: an OpenFeature provider needs a URL and one of these. */

const WHY = z.exactOptional(Text).check(z.describe('Why, for the record.'));

const about = { tag: 'flag keys', query: EMPTY } as const;

export const FlagKeyView = z.omit(flagKey.view, { updated_at: true, version: true });
export type FlagKeyView = z.infer<typeof FlagKeyView>;

/** `key` is sent as `Authorization: Bearer` or `X-API-Key`. It is not stored: keep it, or create another. Empty on a dry run. */
export const CreatedFlagKey = z.extend(FlagKeyView, { key: z.string() });

export const createFlagKey = endpoint({
  ...about,
  method: 'POST',
  path: '/api/v1/flag-keys',
  operation: 'createFlagKey',
  summary: 'Create a flag key; the answer alone shows it',
  body: z.strictObject({ ...flagKey.body.shape, reason: WHY }),
  response: CreatedFlagKey,
  status: [201, 200],
  dry_run: true,
  errors: ['unknown_environment', 'limit_reached'],
});

export const listFlagKeys = endpoint({
  ...about,
  method: 'GET',
  path: '/api/v1/flag-keys',
  operation: 'listFlagKeys',
  summary: 'List the flag keys',
  body: EMPTY,
  query: z.strictObject(PAGE),
  response: listOf(FlagKeyView),
  status: [200],
  errors: [],
});

export const getFlagKey = endpoint({
  ...about,
  method: 'GET',
  path: '/api/v1/flag-keys/{id}',
  operation: 'getFlagKey',
  summary: 'Read a flag key',
  body: EMPTY,
  response: FlagKeyView,
  status: [200],
  errors: [],
});

export const deleteFlagKey = endpoint({
  ...about,
  method: 'DELETE',
  path: '/api/v1/flag-keys/{id}',
  operation: 'deleteFlagKey',
  summary: 'Revoke a flag key',
  body: EMPTY,
  query: z.strictObject({ reason: z.exactOptional(Text) }),
  status: [204],
  dry_run: true,
  errors: [],
});
