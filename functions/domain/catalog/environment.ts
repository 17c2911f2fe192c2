import type { GateSetting } from '../gates/gate.ts';

/** A manual stop on an environment. */
export type Lock = { readonly reason: string; readonly by: string; readonly at: string };

/** A registry by its id, and the start of a repository's name; one of them at least. */
export type ArtifactRepository = { readonly registry?: string; readonly repository?: string };

export const ON_FAILURE = ['rollback', 'none'] as const;

/**
 * What is asked once something went live here: a report of `gate` within the duration `within`. What is absent is as the environment's gate
 * of that name says. `on_failure: rollback`: what fails is taken back without anybody asking.
 */
export type VerificationSetting = Pick<GateSetting, 'format' | 'thresholds' | 'producers'> & {
  readonly gate: string;
  readonly within: string;
  readonly on_failure: (typeof ON_FAILURE)[number];
};

/**
 * A place in the pipeline. Promotion goes from one `rank` to the next.
 * `version` is the ETag; `guard` also rises when a rule, a policy or a lock that touches the environment is written,
 * so that one number tells an execution whether anything it decided on has changed.
 */
export type Environment = {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly rank: number;
  readonly protected: boolean;
  readonly tag_suffix: string;
  readonly gates: readonly GateSetting[];
  readonly owned_keys: readonly string[];
  /** Whether taking something back here needs approval; absent: as promoting here does. */
  readonly rollback?: { readonly requires_approval: boolean };
  readonly verification?: VerificationSetting;
  /**
   * Where its artifacts live, unless that is the primary registry: another registry, another repository there (the artifact's name is
   * added to it), or both.
   */
  readonly artifact_repository?: ArtifactRepository;
  readonly lock?: Lock;
  /** The lock of everything: every environment carries it, so that an execution reads one item and its guard covers it. */
  readonly tenant_lock?: Lock;
  /** Where its name was another's before: the number of the change that made it. What is recorded in it is kept apart from that by it. */
  readonly incarnation?: number;
  readonly version: number;
  readonly guard: number;
  readonly created_at: string;
  readonly updated_at: string;
};
