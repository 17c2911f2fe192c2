import * as z from 'zod/mini';
import { DigestText, Instant } from '../domain/fields.ts';
import {
  At,
  BIG_PAGE,
  base,
  ConfigBody,
  EditedView,
  EntryName,
  EntryView,
  editErrors,
  FlagBody,
  MANY_BODY,
  NewEntry,
  ONE_BODY,
  Prefix,
  path,
  reason,
  setErrors,
} from './config-entry-shapes.ts';
import { endpoint } from './endpoint.ts';
import { camelListOf, PAGE } from './fields.ts';

/** Reading and editing configs and flags of an environment. */

const list = {
  ...base,
  method: 'GET',
  query: z.strictObject({ ...PAGE, prefix: z.exactOptional(Prefix) }),
  response: z.strictObject({ ...At, items: z.array(EntryView), nextCursor: z.nullable(z.string()) }),
  errors: ['unknown_environment'],
} as const;
const get = {
  ...base,
  method: 'GET',
  response: z.strictObject({ ...At, entry: EntryView }),
  status: [200, 304],
  errors: ['unknown_environment'],
} as const;
const put = {
  ...base,
  method: 'PUT',
  response: z.strictObject({ ...At, changed: z.int(), entry: EntryView }),
  errors: setErrors,
  if_match: true,
  dry_run: true,
  max_body: ONE_BODY,
} as const;
const remove = {
  ...base,
  method: 'DELETE',
  body: z.strictObject(reason),
  response: EditedView,
  errors: editErrors,
  if_match: true,
  dry_run: true,
} as const;

export const listConfigs = endpoint({
  ...list,
  path: path('configs'),
  operation: 'listConfigs',
  summary: 'Lists configs by key, those of a prefix only when one is given',
});
export const getConfig = endpoint({
  ...get,
  path: path('configs/{key+}'),
  operation: 'getConfig',
  summary: 'Reads a config; `If-Match` looks at the entry alone in its ETag',
});
export const putConfig = endpoint({
  ...put,
  path: path('configs/{key+}'),
  operation: 'putConfig',
  summary: 'Sets a config to a value, or to the name under which a secret is kept',
  body: ConfigBody,
});
export const deleteConfig = endpoint({
  ...remove,
  path: path('configs/{key+}'),
  operation: 'deleteConfig',
  summary: 'Deletes a config',
});

export const listFlags = endpoint({
  ...list,
  path: path('flags'),
  operation: 'listFlags',
  summary: 'Lists flags by key, those of a prefix only when one is given',
});
export const getFlag = endpoint({
  ...get,
  path: path('flags/{key+}'),
  operation: 'getFlag',
  summary: 'Reads a flag; `If-Match` looks at the entry alone in its ETag',
});
export const putFlag = endpoint({
  ...put,
  path: path('flags/{key+}'),
  operation: 'putFlag',
  summary: 'Sets a flag: its variants, the default one, and who gets which',
  body: FlagBody,
});
export const deleteFlag = endpoint({
  ...remove,
  path: path('flags/{key+}'),
  operation: 'deleteFlag',
  summary: 'Deletes a flag',
});

export const editBatch = endpoint({
  ...base,
  method: 'POST',
  path: path('batch'),
  operation: 'editConfigBatch',
  summary: 'Sets and deletes up to 1,000 entries in one revision',
  body: z.strictObject({
    put: z.exactOptional(z.array(NewEntry).check(z.maxLength(1000))),
    delete: z.exactOptional(z.array(EntryName).check(z.maxLength(1000))),
    ...reason,
  }),
  response: EditedView,
  errors: setErrors,
  if_match: true,
  dry_run: true,
  max_body: MANY_BODY,
});

export const getSnapshot = endpoint({
  ...base,
  method: 'GET',
  path: path('snapshot'),
  operation: 'getConfigSnapshot',
  summary:
    'Everything an environment holds at one moment; `ETag` begins with its root, and pages stay at the root of the first',
  query: z.strictObject({ ...BIG_PAGE, prefix: z.exactOptional(Prefix) }),
  response: z.strictObject({ ...At, entries: z.array(EntryView), nextCursor: z.nullable(z.string()) }),
  status: [200, 304],
  errors: ['unknown_environment'],
});

export const listRevisions = endpoint({
  ...base,
  method: 'GET',
  path: path('revisions'),
  operation: 'listConfigRevisions',
  summary: 'Every root an environment had, newest first: who, when, why, and what it changed',
  query: z.strictObject(PAGE),
  response: camelListOf(
    z.strictObject({
      revision: z.int(),
      root: z.nullable(DigestText),
      previous: z.nullable(DigestText),
      cause: z.enum(['edit', 'execute', 'record']),
      promotionId: z.nullable(z.string()),
      reason: z.nullable(z.string()),
      /** `email` as it was then, where there was one. */
      actor: z.strictObject({ subject: z.string(), kind: z.string(), email: z.exactOptional(z.string()) }),
      at: Instant,
      changes: z.nullable(
        z.strictObject({ added: z.int(), modified: z.int(), removed: z.int(), keys: z.array(z.string()) }),
      ),
    }),
  ),
  errors: ['unknown_environment'],
});
