import * as z from 'zod/mini';
import { Instant } from '../domain/fields.ts';
import {
  At,
  BIG_PAGE,
  base,
  EditedView,
  MANY_BODY,
  MOST_ENTRIES,
  NewEntry,
  Prefix,
  path,
  reason,
  setErrors,
} from './config-entry-shapes.ts';
import { endpoint } from './endpoint.ts';

/** Whole environments of configuration in and out. */

/** `entries`, or the `text` of a file and its `format`; `prefix` is put before every key of a file. */
const imported = {
  format: z.exactOptional(z.enum(['json', 'env', 'yaml'])),
  entries: z.exactOptional(z.array(NewEntry).check(z.maxLength(MOST_ENTRIES))),
  text: z.exactOptional(z.string().check(z.maxLength(4 * 1024 * 1024))),
  prefix: z.exactOptional(Prefix),
};

export const importConfig = endpoint({
  ...base,
  tag: 'config files',
  method: 'POST',
  path: path('import'),
  operation: 'importConfig',
  summary: 'Sets many entries in one revision, from JSON entries or from the text of a .env or YAML file',
  body: z.strictObject({ ...imported, ...reason }),
  response: EditedView,
  errors: setErrors,
  if_match: true,
  dry_run: true,
  max_body: MANY_BODY,
});

const Stage = z.string().check(z.maxLength(500));

export const stageImport = endpoint({
  ...base,
  tag: 'config files',
  method: 'POST',
  path: path('import/parts'),
  operation: 'stageConfigImport',
  summary:
    'Takes a part of an import too large for one request: changes nothing yet, and answers the `stage` for the next part',
  body: z.strictObject({ ...imported, stage: z.exactOptional(Stage) }),
  response: z.strictObject({ stage: z.string(), entries: z.int(), expiresAt: Instant }),
  errors: ['masked_value', 'unknown_environment', 'expired'],
  max_body: MANY_BODY,
});

export const commitImport = endpoint({
  ...base,
  tag: 'config files',
  method: 'POST',
  path: path('import/commit'),
  operation: 'commitConfigImport',
  summary: 'Commit a staged import',
  body: z.strictObject({ stage: Stage, ...reason }),
  response: EditedView,
  errors: [...setErrors, 'expired'],
  if_match: true,
  dry_run: true,
});

export const exportConfig = endpoint({
  ...base,
  tag: 'config files',
  method: 'GET',
  path: path('export'),
  operation: 'exportConfig',
  summary: 'All entries as JSON that `import` takes, or configs as the text of a .env or YAML file',
  query: z.strictObject({
    ...BIG_PAGE,
    format: z.exactOptional(z.enum(['json', 'env', 'yaml'])),
    /** `include` exports sensitive values too, to machines and to people with the right. */
    sensitive: z.exactOptional(z.enum(['mask', 'include'])),
  }),
  response: z.strictObject({
    ...At,
    format: z.enum(['json', 'env', 'yaml']),
    entries: z.exactOptional(z.array(NewEntry)),
    text: z.exactOptional(z.string()),
    nextCursor: z.nullable(z.string()),
  }),
  errors: ['unknown_environment'],
});
