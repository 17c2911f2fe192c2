import type { Environment } from '../catalog/environment.ts';
import { type Digest, digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';

export const CHANGE_ACTIONS = ['create', 'update', 'delete', 'lock', 'unlock'] as const;
export type ChangeAction = (typeof CHANGE_ACTIONS)[number];

export const CHANGE_TARGETS = ['environment', 'freeze', 'rule', 'policy', 'gateway', 'channel'] as const;
export type ChangeTarget = (typeof CHANGE_TARGETS)[number];

/**
 * One change of what governs a tenant: who, when, why, and the digests of what stood before and after; `null` where nothing did. The
 * changes of a tenant are one chain: `seq` numbers them from 1, and `prev` is the digest of the one before.
 */
export type Change = {
  readonly v: 1;
  readonly seq: number;
  readonly at: string;
  readonly actor: Actor;
  readonly action: ChangeAction;
  /** An environment by its name, `*` for all of them; everything else by its id. */
  readonly target: { readonly type: ChangeTarget; readonly id: string };
  readonly reason?: string;
  readonly before: Digest | null;
  readonly after: Digest | null;
  readonly prev: Digest | null;
};

/** The chain of a tenant's changes, as checkpoints and exports name it. */
export const CHANGES = 'changes';

/** What happened, before it has its place in the chain. `before` and `after` are the things themselves. */
export type Told = Pick<Change, 'action' | 'target'> & {
  readonly reason?: string;
  readonly before?: object;
  readonly after?: object;
};

/** The change that follows the newest one of its tenant. */
export function nextChange(
  newest: Change | undefined,
  { action, target, reason, before, after }: Told,
  { at, actor }: Pick<Change, 'at' | 'actor'>,
): Change {
  return {
    v: 1,
    seq: (newest?.seq ?? 0) + 1,
    at,
    actor,
    action,
    target,
    ...(reason === undefined ? {} : { reason }),
    before: before === undefined ? null : digest('sluice/catalog/v1', before),
    after: after === undefined ? null : digest('sluice/catalog/v1', after),
    prev: newest === undefined ? null : changeDigest(newest),
  };
}

/** The digest by which the next change, and checkpoints, name this one. */
export function changeDigest(change: Change): Digest {
  return digest('sluice/change/v1', change);
}

/** An environment without its guard, which also rises when nothing of it changes. */
export function withoutGuard({ guard: _, ...environment }: Environment): Omit<Environment, 'guard'> {
  return environment;
}

/** What is looked for among changes; `person` is a subject id, or an e-mail in any case. */
export type ChangeFilter = {
  readonly type?: ChangeTarget;
  readonly id?: string;
  readonly person?: string;
  /** Bounds of the instant: the first inclusive, the second exclusive. */
  readonly from?: string;
  readonly before?: string;
};

/** Whether a change is one that is looked for. */
export function isAsked(
  { target, actor, at }: Change,
  { type, id, person, from, before }: ChangeFilter,
): boolean {
  const wanted = person?.toLowerCase();
  return (
    (type === undefined || target.type === type) &&
    (id === undefined || target.id === id) &&
    (person === undefined || actor.subject === person || actor.email.toLowerCase() === wanted) &&
    (from === undefined || at >= from) &&
    (before === undefined || at < before)
  );
}
