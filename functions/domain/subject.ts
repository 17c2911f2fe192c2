import type { ChangeSummary } from './config-tree/change-summary.ts';
import type { Digest } from './digest.ts';

export const KINDS = ['config', 'artifact', 'agent'] as const;
export type Kind = (typeof KINDS)[number];

/** What a head points for: `{kind: 'agent', name: 'agent-123'}`. */
export type Subject = { readonly kind: Kind; readonly name: string };

/** An environment by its name and, where that was another's before, by its `incarnation`. */
export type InEnvironment = { readonly environment: string; readonly incarnation?: number };

/**
 * Where a digest of a subject is active: one head per subject and slot. Agents have one slot per gateway. `incarnation`: what ran there in
 * a deleted environment of that name is another chain.
 */
export type Slot = InEnvironment & { readonly subject: Subject; readonly gateway?: string };

/** A promotion that holds a head while its effects happen outside the table. */
export type Claim = { readonly promotion: string; readonly fence: number; readonly at: string };

/**
 * What is active in a slot. `version` rises by one with every write and is what writers compare;
 * `revision` numbers the digests (from 1, 0 while the slot is empty); `chain` is the digest of the newest revision.
 */
export type Head = {
  readonly slot: Slot;
  readonly version: number;
  readonly revision: number;
  readonly digest: Digest | null;
  readonly deployment_id?: string;
  /** What that deployment is labelled with, so that a view of all heads needs nothing else. */
  readonly version_label?: string;
  readonly chain: Digest | null;
  readonly claim?: Claim;
  /** The newest revision of another environment that was received in whole; absent when that is not known. */
  readonly received?: Received;
  /** The version from which the environment counts its moves, where that was made again. */
  readonly began?: number;
  readonly updated_at: string;
};

/** A revision of an environment's configuration. */
export type Received = { readonly environment: string; readonly revision: number };

/** How a head came to its digest: `execute`, `edit` or `record`, each with its cause. */
export type RevisionCause =
  | { readonly by: 'execute'; readonly promotion_id: string }
  | { readonly by: 'record'; readonly deployment_id: string }
  | { readonly by: 'edit'; readonly reason?: string };

/** Who did it. E-mail and owner as they were then, where there are any: by them a person is known under another subject too. */
export type RevisionActor = {
  readonly subject: string;
  readonly kind: 'person' | 'machine' | 'system';
  readonly email?: string;
  readonly owner?: string;
};

/** One past value of a head; `prev` is the digest of the revision before it, so the revisions are a hash chain. */
export type Revision = {
  readonly slot: Slot;
  readonly number: number;
  readonly digest: Digest | null;
  readonly previous: Digest | null;
  readonly cause: RevisionCause;
  readonly actor: RevisionActor;
  readonly at: string;
  readonly deployment_id?: string;
  /** Of configuration: what it changed. */
  readonly changes?: ChangeSummary;
  readonly prev: Digest | null;
};
