import * as z from 'zod/mini';
import { type Item, noun, type Said } from '../noun.ts';

export const VERIFICATIONS = ['digest_match', 'signature_match'] as const;

/** The id of the only item. */
export const ARTIFACT_SETTINGS = 'artifacts';

/** What holds where nothing was said. */
export const DEFAULT_SETTINGS = { cross_registry_sync: false, verification: 'digest_match' } as const;

/** The versions that a retention run keeps: globs have `*` and `?`. */
export const retention = z.strictObject({
  keep_versions: z
    .int()
    .check(z.minimum(1), z.maximum(10_000), z.describe('How many of the newest versions are kept.')),
  keep_days: z
    .int()
    .check(z.minimum(0), z.maximum(36_500), z.describe('Versions that are younger are kept, in days.')),
  protected: z
    ._default(z.array(z.string().check(z.minLength(1), z.maxLength(128))).check(z.maxLength(50)), [])
    .check(z.describe('Globs of versions that are always kept.')),
});

/** What a tenant says of all its artifacts. */
export const artifactSettings = noun({
  input: {
    cross_registry_sync: z
      ._default(z.boolean(), DEFAULT_SETTINGS.cross_registry_sync)
      .check(z.describe('Whether a promotion copies to every registry unless it says otherwise.')),
    verification: z
      ._default(z.enum(VERIFICATIONS), DEFAULT_SETTINGS.verification)
      .check(
        z.describe(
          'Every copy is compared by digest; `signature_match` asks the other registry for the signatures of the source too.',
        ),
      ),
    retention: z.exactOptional(retention).check(z.describe('The versions that a retention run keeps.')),
  },
  managed: { id: z.literal(ARTIFACT_SETTINGS).check(z.describe('The id of the only item.')) },
});

export interface ArtifactSettings extends Item<typeof artifactSettings> {}
export type Retention = NonNullable<ArtifactSettings['retention']>;

/** What callers say of all artifacts, its defaults filled in. */
export interface ArtifactSettingsFields extends Said<typeof artifactSettings> {}
