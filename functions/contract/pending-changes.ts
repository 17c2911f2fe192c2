import * as z from 'zod/mini';
import { Text } from '../domain/fields.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { listOf, PAGE } from './fields.ts';
import { PendingChangeView } from './pending-change-view.ts';

/** Changes that weaken a protected environment, until a second admin confirms them. */

const path = '/api/v1/pending-changes';
const base = { tag: 'pending changes', body: EMPTY, query: EMPTY, response: PendingChangeView } as const;

export const listPendingChanges = endpoint({
  ...base,
  method: 'GET',
  path,
  operation: 'listPendingChanges',
  summary: 'List changes that wait for a second admin',
  query: z.strictObject(PAGE),
  response: listOf(PendingChangeView),
  status: [200],
  errors: [],
});

export const getPendingChange = endpoint({
  ...base,
  method: 'GET',
  path: `${path}/{id}`,
  operation: 'getPendingChange',
  summary: 'Read a change that waits for a second admin',
  status: [200],
  errors: [],
});

/** Refused to who asked for it, and to who became admin after that or within the last 24 h. */
export const confirmPendingChange = endpoint({
  ...base,
  method: 'POST',
  path: `${path}/{id}/confirm`,
  operation: 'confirmPendingChange',
  summary: 'Confirm a change as second admin: it takes effect',
  status: [200],
  errors: [
    'separation_of_duties',
    'expired',
    'conflict',
    'precondition_failed',
    'in_use',
    'limit_reached',
    'immutable',
    'reserved_name',
    'unknown_environment',
  ],
});

export const discardPendingChange = endpoint({
  ...base,
  method: 'POST',
  path: `${path}/{id}/discard`,
  operation: 'discardPendingChange',
  summary: 'Discard a change that waits for a second admin',
  body: z.strictObject({ reason: z.exactOptional(Text) }),
  status: [200],
  errors: ['conflict'],
});
