import type { ArtifactVersion } from '../domain/artifact/version.ts';
import type { Change } from '../domain/audit/change.ts';
import type { Deployment } from '../domain/deployment/deployment.ts';
import type { Moment } from '../domain/deployment/history.ts';
import type { RollUp } from '../domain/deployment/roll-up.ts';
import type { Digest } from '../domain/digest.ts';
import type { Evidence } from '../domain/gates/evidence.ts';
import type { ProviderAnswer } from '../domain/gates/provider.ts';
import type { MachineIdentity } from '../domain/identity/machine.ts';
import type { Membership } from '../domain/identity/member.ts';
import type { LinkUse } from '../domain/link/link.ts';
import type { StoredEvent } from '../domain/promotion/events.ts';
import type { Weakened } from '../domain/promotion/governor.ts';
import type { PromotionState } from '../domain/promotion/state.ts';
import type { PromotionType } from '../domain/promotion-type.ts';
import type { Head, Revision, Subject } from '../domain/subject.ts';
import type { Noun, Nouns } from './catalog-store.ts';
import type { Tenant } from './directory.ts';
import type { TimelineOf } from './timelines.ts';

/** Intent that a commit leaves on the promotion: done right after it, cleared last, redone by the sweep. */
export type Work = 'start' | 'wake' | 'publish' | 'schedule';

/** A promotion as stored beside its state: what drives it, never what it is. */
export type WorkflowRecord = {
  /** Intent not yet done; empty when nothing is left. */
  readonly work: readonly Work[];
  /** The next instant at which the sweep must look at it (expiry, schedule, freeze end, restart); absent once closed. */
  readonly due_at?: string;
  /** Number of the workflow execution that drives it, raised before each start. 0 = none yet. A commit with a lower one than stored loses. */
  readonly attempt: number;
  /** Last event known to have reached the bus. Only `clearWork` moves it: later commits leave it as it stands. */
  readonly published: number;
};

export type CatalogItem = { [N in Noun]: { readonly type: N; readonly item: Nouns[N] } }[Noun];

/** The answer kept for a repeated request: same key and same body get it again. */
export type StoredAnswer = {
  /** sha256(subject, method, path, key), made by the caller. */
  readonly key: Digest;
  readonly body_digest: Digest;
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  readonly expires_at: string;
};

/**
 * One item of a commit, in domain words. `expected` is the version the writer saw; 0 or 'absent' means it must not exist.
 * Every write is conditional: a commit is all or nothing, and a lost condition is an answer, not an exception.
 */
export type Write =
  | {
      readonly write: 'promotion';
      readonly state: PromotionState;
      readonly workflowRecord: WorkflowRecord;
      readonly events: readonly StoredEvent[];
      readonly expected: number;
    }
  /**
   * `fills`: the slot was empty, and the commit checks or raises the guard of its environment, which counts that. A first write always does.
   * `claimed`: the head that was seen is claimed. A commit that moves one that is not checks or raises the guard too, which counts `moves`.
   */
  | {
      readonly write: 'head';
      readonly head: Head;
      readonly expected: number;
      readonly fills?: true;
      readonly claimed?: true;
    }
  /**
   * In slots of an environment that is made again begin other chains: each head takes the place of the one before, which is kept among the
   * former ones. Lost where a head is not as it was seen, or an environment of that name is there.
   */
  | {
      readonly write: 'made_again';
      readonly environment: string;
      readonly heads: readonly { readonly former: Head; readonly head: Head }[];
    }
  | { readonly write: 'revision'; readonly revision: Revision }
  | { readonly write: 'deployment'; readonly deployment: Deployment; readonly expected: number }
  /** The sums of a day, with what deployments of the same commit add. */
  | { readonly write: 'roll_up'; readonly roll_up: RollUp; readonly expected: number }
  /** What happened to a deployment, on the timeline of its subject; writing it again changes nothing. */
  | {
      readonly write: 'moment';
      readonly of: TimelineOf;
      readonly what: 'live' | 'failed';
      readonly moment: Moment;
    }
  /** Something is counted by a timeline, at the version that its writer read before the moments on it. */
  | { readonly write: 'timeline'; readonly of: TimelineOf; readonly expected: number }
  /** One open promotion per subject, digest and target; `replaces` is a closed promotion whose place is taken. */
  | {
      readonly write: 'open';
      readonly type: PromotionType;
      readonly subject: Subject;
      readonly digest: Digest;
      readonly target: string;
      readonly promotion_id: string;
      readonly replaces?: string;
    }
  /** The environment's guard is still what the writer saw. */
  | { readonly write: 'check_guard'; readonly environment: string; readonly guard: number }
  /**
   * Raises the guard: a rule, policy or lock that touches the environment changes in the same commit. Once per commit, however often
   * it is asked for; a commit that writes the environment itself raises it with that, whatever `guard` the item it gives carries.
   */
  | { readonly write: 'raise_guard'; readonly environment: string }
  /** No slot of the environment was filled since the writer read `fills`; a commit may delete the environment itself beside it. */
  | { readonly write: 'check_occupancy'; readonly environment: string; readonly fills: number }
  /** One automatic promotion per deployment and rule version. */
  | {
      readonly write: 'attempt';
      readonly deployment_id: string;
      readonly rule_id: string;
      readonly rule_version: number;
      readonly promotion_id: string;
    }
  /** Stops (or frees) automatic promotion of a subject to an environment until a person promotes it. */
  | {
      readonly write: 'hold';
      readonly subject: Subject;
      readonly target: string;
      readonly held: boolean;
      /** A person rejected it there; absent: it was rolled back, or taken back. */
      readonly rejected?: true;
    }
  /** A report about a digest, and its document unless that is too large. Raises the watch list's version and leaves it with work. */
  | {
      readonly write: 'evidence';
      readonly evidence: Evidence;
      readonly document?: string;
      /** Reports about the same digest that gates no longer look at; the new one may be among them. */
      readonly retires?: readonly Evidence[];
    }
  /** The next answer of a gate's provider about a promotion; lost when somebody has written one with that number. */
  | {
      readonly write: 'provider_answer';
      readonly promotion_id: string;
      readonly answer: ProviderAnswer;
      readonly document?: string;
    }
  /** The watch list is still at the version the writer saw, and the promotion waits for more from now on. */
  | {
      readonly write: 'watch';
      readonly subject_digest: Digest;
      readonly seen: number;
      readonly promotion_id: string;
    }
  /** Closed promotions wait no longer. */
  | {
      readonly write: 'unwatch';
      readonly subject_digest: Digest;
      readonly promotion_ids: readonly [string, ...string[]];
    }
  | { readonly write: 'answer'; readonly answer: StoredAnswer }
  /** A published version of an artifact, at the edition its writer saw. */
  | { readonly write: 'artifact_version'; readonly item: ArtifactVersion; readonly expected: number }
  /** Uses an approval link up: lost unless it is there and was never used. */
  | { readonly write: 'link_use'; readonly token_hash: Digest; readonly use: LinkUse }
  | { readonly write: 'catalog'; readonly entry: CatalogItem; readonly expected: number }
  | {
      readonly write: 'catalog_delete';
      readonly type: CatalogItem['type'];
      readonly id: string;
      readonly expected: number;
    }
  /** A lock or a freeze has stopped a promotion in an environment; it wants to hear of the end of that until it expires. */
  | {
      readonly write: 'stopped';
      readonly environment: string;
      readonly promotion_id: string;
      readonly expires_at: string;
    }
  /** Something that stopped executions in an environment, or with `*` in all, was lifted. */
  | { readonly write: 'opened'; readonly environment: string }
  /** What a change weakened in an environment, for the promotions that it concerns; committed with the change. */
  | { readonly write: 'weakened'; readonly environment: string; readonly weakened: Weakened }
  /** Follows the newest change of the tenant, which the writer saw. */
  | { readonly write: 'change'; readonly change: Change }
  | { readonly write: 'membership'; readonly membership: Membership; readonly expected: number }
  | { readonly write: 'membership_delete'; readonly subject: string; readonly expected: number }
  | { readonly write: 'machine'; readonly machine: MachineIdentity; readonly expected: number }
  | { readonly write: 'machine_delete'; readonly id: string; readonly expected: number }
  | { readonly write: 'tenant'; readonly tenant: Tenant; readonly expected: number };

/** What a commit came to: `lost` names the writes whose condition did not hold (indices into the list given). */
export type CommitResult =
  | { readonly committed: true }
  | { readonly committed: false; readonly lost: readonly number[] };

/**
 * Writes all items of one tenant in one transaction (at most 100), or none. Repeating a committed list loses its conditions.
 * A transaction that the store itself cancelled because another one was under way answers `committed: false, lost: []`.
 * Throws the faults `Unavailable` and `Throttled`; after those the outcome is unknown and the caller reads again.
 */
export interface Transactions {
  commit(tenant: string, writes: readonly Write[]): Promise<CommitResult>;
}
