import type { Digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import type { Json } from '../jcs.ts';
import type { Subject } from '../subject.ts';

export const DEPLOYMENT_STATUSES = ['PENDING', 'DEPLOYED', 'FAILED', 'ROLLED_BACK'] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** Where the status of a recorded deployment may go. */
export const MOVES: { readonly [from in DeploymentStatus]: readonly DeploymentStatus[] } = {
  PENDING: ['DEPLOYED', 'FAILED'],
  DEPLOYED: ['ROLLED_BACK', 'FAILED'],
  FAILED: [],
  ROLLED_BACK: [],
};

/** What a deployment has added to the statistics of its day (in UTC, by `deployed_at`). Lengths are in seconds. */
export type Counted = {
  readonly status: Exclude<DeploymentStatus, 'PENDING'>;
  /** Whether it ever served. */
  readonly live: boolean;
  /** From its beginning to its outcome. */
  readonly duration?: number;
  /** From the first commit that no earlier deployment had shipped until it served; absent where that is not known. */
  readonly lead?: number;
  readonly unplanned?: boolean;
  /** Of each failure that it ended: from the failure until it served. */
  readonly recoveries: readonly number[];
};

/**
 * The record that a digest went live somewhere. `deployed_at` is when it began, `live_at` when it served,
 * `completed_at` when its outcome was known, absent where it was recorded with its beginning alone. `recorded` marks one reported from outside rather than executed by a promotion.
 * `metrics` is what run-time intake last said, e.g. `{tests: {pass_rate: 100}, metrics: {error_rate: 0.01}}`.
 */
export type Deployment = {
  readonly id: string;
  readonly subject: Subject;
  readonly digest: Digest;
  readonly environment: string;
  /** Of that environment, where its name was another's before. */
  readonly incarnation?: number;
  /** The environment as the caller wrote it (`dev`): the platform routes answer it so. */
  readonly environment_alias?: string;
  readonly gateway_id?: string;
  readonly version_label?: string;
  readonly status: DeploymentStatus;
  readonly deployed_at: string;
  readonly completed_at?: string;
  readonly live_at?: string;
  /** When it became the active one again, since the one that had replaced it was taken back: its time counts from here. */
  readonly resumed_at?: string;
  /** When it was said to have failed, where that was before it ceased to serve: its rollback was requested. */
  readonly failed_at?: string;
  /** When it ceased to serve: it was taken back, or failed after all. */
  readonly ended_at?: string;
  readonly recorded: boolean;
  readonly recorded_by: Actor;
  /** Who last reported on it after that (its outcome, its metrics): the requester of what that report triggers. */
  readonly reported_by?: Actor;
  readonly promotion_id?: string;
  /** The earlier deployment whose content a pipeline is to bring back: its outcome is told by whoever records there. */
  readonly brings_back?: string;
  readonly failure?: string;
  /** While PENDING: how often its gateway was asked for it, and how many of those requests never left. */
  readonly attempts?: { readonly begun: number; readonly unsent: number };
  readonly metrics: { readonly [name: string]: Json };
  readonly details: { readonly [name: string]: Json };
  /** Its signed record, and which registries have it; absent until it is signed. */
  readonly record?: AttachedRecord;
  /** What the statistics have of it; absent until it is counted. */
  readonly counted?: Counted;
  readonly created_at: string;
  readonly version: number;
};

/**
 * The record of a promotion of an artifact: the digest of what is signed, the signature (base64), and where it is attached as a referrer
 * of the artifact. `pending`: the registry has not taken it yet; `gone`: the registry or the artifact is not there any more.
 */
export type AttachedRecord = {
  readonly payload: Digest;
  readonly key_id: string;
  readonly signature: string;
  readonly places: readonly RecordPlace[];
};

export type RecordPlace = RegistryPlace & {
  readonly status: 'attached' | 'pending' | 'gone';
  readonly referrer?: Digest;
  readonly error?: string;
};

/** A repository by the id of its registry and by what people call it. */
export type RegistryPlace = { readonly registry: string; readonly repository: string };

/** Where a promotion of an artifact brought it. */
export function registriesOf({ details }: Pick<Deployment, 'details'>): readonly RegistryPlace[] {
  const { registries } = details;
  if (!Array.isArray(registries)) return [];
  return registries.flatMap((one: Json) => {
    if (typeof one !== 'object' || one === null || !('registry' in one) || !('repository' in one)) return [];
    const { registry, repository } = one;
    return typeof registry === 'string' && typeof repository === 'string' ? [{ registry, repository }] : [];
  });
}

/** The branch that it was built from, where its reporter said so. */
export function branchOf({ details }: Pick<Deployment, 'details'>): string | undefined {
  const { gitBranch: branch } = details;
  return typeof branch === 'string' ? branch : undefined;
}

/** A commit that a deployment ships. */
export type Commit = { readonly sha: string; readonly committed_at: string };

/** The commits that it ships, where its reporter named them. */
export function commitsOf({ details }: Pick<Deployment, 'details'>): readonly Commit[] | undefined {
  const { commits } = details;
  if (!Array.isArray(commits)) return undefined;
  return commits.flatMap((one: Json) => {
    if (typeof one !== 'object' || one === null || !('sha' in one) || !('committed_at' in one)) return [];
    const { sha, committed_at } = one;
    return typeof sha === 'string' && typeof committed_at === 'string' ? [{ sha, committed_at }] : [];
  });
}

/** Whether it mends what an earlier one broke, where its reporter said so. */
export function unplannedOf({ details }: Pick<Deployment, 'details'>): boolean | undefined {
  const { unplanned } = details;
  return typeof unplanned === 'boolean' ? unplanned : undefined;
}
