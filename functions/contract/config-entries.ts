import * as z from 'zod/mini';
import { MAX_VALUE_BYTES } from '../domain/config-tree/parameters.ts';
import { EMPTY, endpoint } from './endpoint.ts';
import { BigLimit, Cursor, DigestText, Id, Instant, listOf, PAGE, Text } from './fields.ts';

/** Configs and flags of an environment, in camelCase. A value is any JSON up to 64 KB; a secret is named, never given. */

/** Some bytes of a body around the longest value. */
const ONE_BODY = 2 * MAX_VALUE_BYTES + 16 * 1024;
/** Entries that one request imports, whatever the format. */
export const MOST_ENTRIES = 20_000;
/** What a function can be given at once is 6 MB. */
const MANY_BODY = 5 * 1024 * 1024;

const path = <const P extends string>(rest: P) => `/api/v1/config/environments/{env}/${rest}` as const;
const base = { tag: 'config', body: EMPTY, query: EMPTY, status: [200] } as const;

export const EntryKey = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/));
const Prefix = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/));
const SecretRef = z.string().check(z.minLength(1), z.maxLength(1300));
const Value = z.json();

const Variants = z.record(z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)), Value);
const flagFields = {
  enabled: z.boolean(),
  variants: Variants,
  defaultVariant: z.string(),
  targeting: z.exactOptional(z.nullable(Value)),
};
const reason = { reason: z.exactOptional(Text) };

/** Exactly one of `value` and `secretRef`. */
export const ConfigBody = z.strictObject({
  value: z.exactOptional(Value),
  secretRef: z.exactOptional(SecretRef),
  ...reason,
});
export const FlagBody = z.strictObject({ ...flagFields, ...reason });

export const NewEntry = z.union([
  z.strictObject({ kind: z.literal('config'), key: EntryKey, value: Value }),
  z.strictObject({ kind: z.literal('config'), key: EntryKey, secretRef: SecretRef }),
  z.strictObject({ kind: z.literal('flag'), key: EntryKey, ...flagFields }),
]);
export type NewEntry = z.infer<typeof NewEntry>;
const EntryName = z.strictObject({ kind: z.enum(['config', 'flag']), key: EntryKey });

const ConfigView = z.strictObject({
  kind: z.literal('config'),
  id: Id,
  key: z.string(),
  value: z.exactOptional(z.unknown()),
  secretRef: z.exactOptional(z.string()),
});
const FlagView = z.strictObject({
  kind: z.literal('flag'),
  id: Id,
  key: z.string(),
  enabled: z.boolean(),
  variants: z.record(z.string(), z.unknown()),
  defaultVariant: z.string(),
  targeting: z.unknown(),
});
export const EntryView = z.union([ConfigView, FlagView]);
export type EntryView = z.infer<typeof EntryView>;

const BIG_PAGE = { limit: z.exactOptional(BigLimit), cursor: z.exactOptional(Cursor) };

const At = { environment: z.string(), root: DigestText, revision: z.int() };
const EditedView = z.strictObject({ ...At, changed: z.int() });
const editErrors = ['unknown_environment', 'locked', 'protected', 'precondition_failed', 'conflict'] as const;

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
  errors: ['unknown_environment'],
} as const;
const put = {
  ...base,
  method: 'PUT',
  response: z.strictObject({ ...At, changed: z.int(), entry: EntryView }),
  errors: editErrors,
  if_match: true,
  max_body: ONE_BODY,
} as const;
const remove = {
  ...base,
  method: 'DELETE',
  body: z.strictObject(reason),
  response: EditedView,
  errors: editErrors,
  if_match: true,
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
  summary: 'Reads a config',
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
  summary: 'Reads a flag',
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
  errors: editErrors,
  if_match: true,
  max_body: MANY_BODY,
});

export const getSnapshot = endpoint({
  ...base,
  method: 'GET',
  path: path('snapshot'),
  operation: 'getConfigSnapshot',
  summary:
    'Everything an environment holds at one moment; `ETag` is its root, and pages stay at the root of the first',
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
  response: listOf(
    z.strictObject({
      revision: z.int(),
      root: z.nullable(DigestText),
      previous: z.nullable(DigestText),
      cause: z.enum(['edit', 'execute', 'record']),
      promotionId: z.nullable(z.string()),
      reason: z.nullable(z.string()),
      actor: z.strictObject({ subject: z.string(), kind: z.string() }),
      at: Instant,
      changes: z.nullable(
        z.strictObject({ added: z.int(), modified: z.int(), removed: z.int(), keys: z.array(z.string()) }),
      ),
    }),
  ),
  errors: ['unknown_environment'],
});

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
  errors: editErrors,
  if_match: true,
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
  errors: ['unknown_environment', 'expired'],
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
  errors: [...editErrors, 'expired'],
  if_match: true,
});

export const exportConfig = endpoint({
  ...base,
  tag: 'config files',
  method: 'GET',
  path: path('export'),
  operation: 'exportConfig',
  summary: 'All entries as JSON that `import` takes, or configs as the text of a .env or YAML file',
  query: z.strictObject({ ...BIG_PAGE, format: z.exactOptional(z.enum(['json', 'env', 'yaml'])) }),
  response: z.strictObject({
    ...At,
    format: z.enum(['json', 'env', 'yaml']),
    entries: z.exactOptional(z.array(NewEntry)),
    text: z.exactOptional(z.string()),
    nextCursor: z.nullable(z.string()),
  }),
  errors: ['unknown_environment'],
});
