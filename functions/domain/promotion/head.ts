import type { ChangeSummary } from '../config-tree/change-summary.ts';
import { type Digest, digest } from '../digest.ts';
import { Fault } from '../faults.ts';
import type { Actor } from '../identity/principal.ts';
import { environmentText } from '../in-environment.ts';
import type { Head, Received, Revision, RevisionActor, RevisionCause, Slot } from '../subject.ts';

/** A slot as manifests and keys write it: `environment`, for an agent `environment#gateway`. */
export function slotText(slot: Slot): string {
  const environment = environmentText(slot);
  return slot.gateway === undefined ? environment : `${environment}#${slot.gateway}`;
}

/** The head of a slot that was never written: version 0 is what its first writer expects. */
export function emptyHead(slot: Slot, now: string): Head {
  return { slot, version: 0, revision: 0, digest: null, chain: null, updated_at: now };
}

/**
 * The head of a slot whose environment is made again: empty, and the first of a chain of its own. Versions rise on, as gateways know them
 * by their fences.
 */
export function madeAgain({ slot, version }: Head, incarnation: number, now: string): Head {
  const began = version + 1;
  return { ...emptyHead({ ...slot, incarnation }, now), version: began, began };
}

/** Whether nothing runs in a slot and nothing is about to. */
export function isEmpty({ digest: active, claim: held }: Head): boolean {
  return active === null && held === undefined;
}

/** The head claimed for a promotion. The fence is the claimed version. Throws `TargetMoved` while another promotion holds it. */
export function claim(head: Head, promotion: string, now: string): Head {
  if (head.claim !== undefined && head.claim.promotion !== promotion) throw held(head);
  const version = head.version + 1;
  return { ...head, version, claim: { promotion, fence: version, at: now }, updated_at: now };
}

export type Swap<D extends Digest | null = Digest> = {
  /** What is active from now on; `null` when nothing is. */
  readonly digest: D;
  readonly cause: RevisionCause;
  readonly actor: Actor;
  readonly deployment_id?: string;
  /** What people call what is active from now on, where somebody said so. */
  readonly version_label?: string | undefined;
  readonly changes?: ChangeSummary;
  /** What the head has received in whole from now on: `null` when that is not known, absent when that stays as it was. */
  readonly received?: Received | null;
  readonly now: string;
};

/**
 * The head pointing at another digest, its claim cleared, and the revision that records it, chained to the one before.
 * Throws `TargetMoved` when a promotion holds the head and this swap is not that promotion's.
 */
export function swap<D extends Digest | null>(
  head: Head,
  change: Swap<D>,
): { readonly head: Head & { readonly digest: D }; readonly revision: Revision } {
  const { digest: next, cause, actor, deployment_id, version_label, changes, now } = change;
  const received = change.received === undefined ? head.received : (change.received ?? undefined);
  const executing = cause.by === 'execute' ? cause.promotion_id : undefined;
  if (head.claim !== undefined && head.claim.promotion !== executing) throw held(head);
  const deployment = deployment_id === undefined ? {} : { deployment_id };
  const revision: Revision = {
    slot: head.slot,
    number: head.revision + 1,
    digest: next,
    previous: head.digest,
    cause,
    actor: inRevision(actor),
    at: now,
    ...deployment,
    ...(changes === undefined ? {} : { changes }),
    prev: head.chain,
  };
  return {
    head: {
      slot: head.slot,
      version: head.version + 1,
      revision: revision.number,
      digest: next,
      ...deployment,
      ...(version_label === undefined ? {} : { version_label }),
      chain: revisionDigest(revision),
      ...(received === undefined ? {} : { received }),
      ...(head.began === undefined ? {} : { began: head.began }),
      updated_at: now,
    },
    revision,
  };
}

function inRevision({ subject, kind, email, owner }: Actor): RevisionActor {
  return {
    subject,
    kind,
    ...(email === '' ? {} : { email }),
    ...(owner === undefined ? {} : { owner }),
  };
}

/** The head without its claim, pointing where it pointed. */
export function release(head: Head, now: string): Head {
  const { claim: _, ...free } = head;
  return { ...free, version: head.version + 1, updated_at: now };
}

/** What the next revision, and the head, name as the one before. */
export function revisionDigest(revision: Revision): Digest {
  return digest('sluice/revision/v1', revision);
}

function held(head: Head): Fault {
  return new Fault('TargetMoved', `${slotText(head.slot)} is held by ${head.claim?.promotion}`);
}
