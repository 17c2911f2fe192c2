import * as z from 'zod/mini';
import { MAX_VALUE_BYTES } from '../domain/config-tree/parameters.ts';
import { DigestText, Id, Text } from '../domain/fields.ts';
import { EMPTY } from './endpoint.ts';
import { BigLimit, Cursor } from './fields.ts';

/** Configs and flags of an environment, in camelCase. A value is any JSON up to 64 KB; a secret is named, never given. */

/** Some bytes of a body around the longest value. */
export const ONE_BODY = 2 * MAX_VALUE_BYTES + 16 * 1024;
/** Entries that one request imports, whatever the format. */
export const MOST_ENTRIES = 20_000;
/** What a function can be given at once is 6 MB. */
export const MANY_BODY = 5 * 1024 * 1024;

export const path = <const P extends string>(rest: P) => `/api/v1/config/environments/{env}/${rest}` as const;
export const base = { tag: 'config', body: EMPTY, query: EMPTY, status: [200] } as const;

export const EntryKey = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/,
      'must be 1 to 256 letters, digits and ._/-, beginning with a letter or a digit',
    ),
  );
export const Prefix = z
  .string()
  .check(
    z.regex(
      /^[A-Za-z0-9][A-Za-z0-9._/-]{0,255}$/,
      'must be 1 to 256 letters, digits and ._/-, beginning with a letter or a digit',
    ),
  );
const SecretRef = z.string().check(z.minLength(1), z.maxLength(1300));
const Value = z.json();

const Variants = z.record(
  z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be 1 to 100 letters, digits and ._-')),
  Value,
);
/** `true` hides the value from all but delivery, `false` says that it only looks like a secret. Absent, an entry keeps what it has. */
const mark = { sensitive: z.exactOptional(z.boolean()) };
const Share = z.strictObject({
  variant: z.string(),
  weight: z.int().check(z.minimum(0), z.maximum(100_000)),
});
/** What is served: one variant, or the one that the targeting key falls on. */
const outcome = {
  variant: z.exactOptional(z.string()),
  split: z.exactOptional(z.array(Share).check(z.minLength(1), z.maxLength(50))),
};
const TargetingRule = z.strictObject({
  name: z.exactOptional(z.string().check(z.maxLength(100))),
  /** A condition on the context: `{field, op, value}`, or `all`, `any` and `not` of such; the domain judges its grammar. */
  when: z.record(z.string(), Value),
  ...outcome,
});
/** The first rule that is met decides; else `otherwise`; else the default variant. The domain judges variants, names and other members. */
const Targeting = z.catchall(
  z.object({
    rules: z.exactOptional(z.array(TargetingRule).check(z.maxLength(100))),
    otherwise: z.exactOptional(z.strictObject(outcome)),
  }),
  Value,
);
const flagFields = {
  enabled: z.boolean(),
  variants: Variants,
  defaultVariant: z.string(),
  targeting: z.exactOptional(z.nullable(Targeting)),
  ...mark,
};
/** A flag without its key. */
export const FlagFields = z.strictObject(flagFields);
export const reason = { reason: z.exactOptional(Text) };

/** Exactly one of `value` and `secretRef`. */
export const ConfigBody = z.strictObject({
  value: z.exactOptional(Value),
  secretRef: z.exactOptional(SecretRef),
  ...mark,
  ...reason,
});
export const FlagBody = z.strictObject({ ...flagFields, ...reason });

export const NewEntry = z.union([
  z.strictObject({ kind: z.literal('config'), key: EntryKey, value: Value, ...mark }),
  z.strictObject({ kind: z.literal('config'), key: EntryKey, secretRef: SecretRef }),
  z.strictObject({ kind: z.literal('flag'), key: EntryKey, ...flagFields }),
]);
export type NewEntry = z.infer<typeof NewEntry>;
export const EntryName = z.strictObject({ kind: z.enum(['config', 'flag']), key: EntryKey });

const ConfigView = z.strictObject({
  kind: z.literal('config'),
  id: Id,
  key: z.string(),
  value: z.exactOptional(z.unknown()),
  secretRef: z.exactOptional(z.string()),
  ...mark,
});
const FlagView = z.strictObject({
  kind: z.literal('flag'),
  id: Id,
  key: z.string(),
  enabled: z.boolean(),
  variants: z.record(z.string(), z.unknown()),
  defaultVariant: z.string(),
  targeting: z.unknown(),
  ...mark,
});
export const EntryView = z.union([ConfigView, FlagView]);
export type EntryView = z.infer<typeof EntryView>;

export const BIG_PAGE = { limit: z.exactOptional(BigLimit), cursor: z.exactOptional(Cursor) };

export const At = { environment: z.string(), root: DigestText, revision: z.int() };
export const EditedView = z.strictObject({ ...At, changed: z.int() });
export const editErrors = [
  'unknown_environment',
  'locked',
  'protected',
  'precondition_failed',
  'conflict',
] as const;
export const setErrors = ['masked_value', ...editErrors] as const;
