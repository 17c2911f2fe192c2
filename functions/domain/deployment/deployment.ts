import type { Digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import type { Json } from '../jcs.ts';
import type { Subject } from '../promotion/subject.ts';

export const DEPLOYMENT_STATUSES = ['PENDING', 'DEPLOYED', 'FAILED', 'ROLLED_BACK'] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/**
 * The record that a digest went live somewhere. `deployed_at` is when it began, `live_at` when it served,
 * `completed_at` when its outcome was known. `recorded` marks one reported from outside rather than executed by a promotion.
 * `metrics` is what run-time intake last said, e.g. `{tests: {pass_rate: 100}, metrics: {error_rate: 0.01}}`.
 */
export type Deployment = {
  readonly id: string;
  readonly subject: Subject;
  readonly digest: Digest;
  readonly environment: string;
  /** The environment as the caller wrote it (`dev`): the platform routes answer it so. */
  readonly environment_alias?: string;
  readonly gateway_id?: string;
  readonly version_label?: string;
  readonly status: DeploymentStatus;
  readonly deployed_at: string;
  readonly completed_at?: string;
  readonly live_at?: string;
  readonly recorded: boolean;
  readonly recorded_by: Actor;
  /** Who last reported on it after that (its outcome, its metrics): the requester of what that report triggers. */
  readonly reported_by?: Actor;
  readonly promotion_id?: string;
  readonly failure?: string;
  /** While PENDING: how often its gateway was asked for it, and how many of those requests never left. */
  readonly attempts?: { readonly begun: number; readonly unsent: number };
  readonly metrics: { readonly [name: string]: Json };
  readonly details: { readonly [name: string]: Json };
  readonly created_at: string;
  readonly version: number;
};
