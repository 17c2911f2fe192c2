export const VERIFICATIONS = ['digest_match', 'signature_match'] as const;

/** Which versions a retention run keeps: the newest `keep_versions`, those younger than `keep_days`, and those that `protected` globs name. */
export type Retention = {
  readonly keep_versions: number;
  readonly keep_days: number;
  readonly protected: readonly string[];
};

/** What a tenant says of all its artifacts. `cross_registry_sync`: a promotion copies to every registry unless it says otherwise. */
export type ArtifactSettings = {
  readonly id: typeof ARTIFACT_SETTINGS;
  readonly cross_registry_sync: boolean;
  /** Every copy is compared by digest; `signature_match` asks for the signatures of the source at the other registry too. */
  readonly verification: (typeof VERIFICATIONS)[number];
  readonly retention?: Retention;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
};

/** The id of the only item. */
export const ARTIFACT_SETTINGS = 'artifacts';

/** What holds where nothing was said. */
export const DEFAULT_SETTINGS = { cross_registry_sync: false, verification: 'digest_match' } as const;
