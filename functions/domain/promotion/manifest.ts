import type { ChangeSummary } from '../config-tree/change-summary.ts';
import type { Digest } from '../digest.ts';
import type { PromotionType } from '../promotion-type.ts';
import type { Subject } from '../subject.ts';

/** What people approve. Its digest names exactly this, so anything that changes it voids approvals. */
export type Manifest = {
  readonly subject: Subject;
  readonly type: PromotionType;
  readonly source: { readonly environment: string; readonly digest: Digest };
  readonly target: { readonly environment: string; readonly slot: string };
  readonly change_set_digest: Digest;
  readonly policy_digest: Digest;
  readonly options: { readonly execution: Execution };
};

/** Whether `approved` waits for a person to execute. */
export type Execution = 'manual' | 'automatic';

/**
 * What a kind found out when it planned: what would change, and on which base.
 * The base is a fact, not part of the seal; `change_set` is small (large ones are stored by the kind, under their digest).
 */
export type Plan = {
  readonly source: {
    readonly environment: string;
    readonly digest: Digest;
    readonly deployment_id?: string;
    /** What people call the thing promoted, where somebody said so when it was recorded. */
    readonly version_label?: string;
    readonly recorded: boolean;
    /** Of configuration: the number of the source's revision that is promoted, and the one that the target received in whole before. */
    readonly revision?: number;
    readonly since?: number;
  };
  readonly base: { readonly digest: Digest | null; readonly version: number };
  readonly change_set_digest: Digest;
  readonly change_set: readonly Change[];
  readonly tree?: TreePlan;
};

/**
 * The change set of configuration: what turns the tree `origin` into the source's, within the request's selection and outside the `owned`
 * patterns. Trees never change, so these few words are as good as 40,000 changes written down.
 */
export type TreePlan = {
  readonly origin: Digest;
  readonly owned: readonly string[];
  readonly summary: ChangeSummary;
  /** Keys that changed in the target since the plan before this one, so that it could not be kept; the first of them. */
  readonly conflicts?: readonly string[];
  /** What the request names and neither environment has. */
  readonly unmatched?: readonly string[];
};

/** One thing a promotion would change: for an agent, which digest a slot runs. */
export type Change = {
  readonly key: string;
  readonly from: Digest | string | null;
  readonly to: Digest | string | null;
};
