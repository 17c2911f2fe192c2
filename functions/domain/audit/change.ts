import { type Digest, digest } from '../digest.ts';
import type { Actor } from '../identity/principal.ts';
import type { Weakening } from '../policy/weakening/weakening.ts';
import { isNamed } from '../promotion/filter.ts';
import type { ChangeAction, ChangeTarget, Unconfirmed } from './change-words.ts';

/** What stood before and after a change, as people may read it; absent where nothing stood. */
export type ChangeValues = { readonly before?: object; readonly after?: object };

/**
 * One change of what governs a tenant: who, when, why, and the digests of what stood before and after; `null` where nothing did. The
 * changes of a tenant are one chain: `seq` numbers them from 1, and `prev` is the digest of the one before. `v` 2 carries the values
 * behind the digests; `v` 1, the form before, has the digests alone.
 */
export type Change = {
  readonly v: 1 | 2;
  readonly seq: number;
  readonly at: string;
  readonly actor: Actor;
  readonly action: ChangeAction;
  /** An environment by its name, `*` for all of them; a member by subject; everything else by its id. */
  readonly target: { readonly type: ChangeTarget; readonly id: string };
  readonly reason?: string;
  /** What it allows that was refused before; absent where that is nothing. */
  readonly weakens?: readonly Weakening[];
  /** The second admin, who confirmed it; absent where none was asked. */
  readonly confirmed_by?: Actor;
  /** Why none was asked, where what it weakens is protected. */
  readonly unconfirmed?: Unconfirmed;
  /** The pending change that it carries out. */
  readonly confirms?: string;
  /** The guards that it raised, by environment, as they are since. */
  readonly guards?: { readonly [environment: string]: number };
  readonly before: Digest | null;
  readonly after: Digest | null;
  readonly prev: Digest | null;
  /** Bound to the chain by `before` and `after`, which are their digests. */
  readonly values?: ChangeValues;
};

/** The chain of a tenant's changes, as checkpoints and exports name it. */
export const CHANGES = 'changes';

/** What happened, before it has its place in the chain. `before` and `after` are the things as they are recorded. */
export type Told = Pick<Change, 'action' | 'target'> &
  ChangeValues &
  Pick<Change, 'reason' | 'weakens' | 'confirmed_by' | 'unconfirmed' | 'confirms'>;

/** The change that follows the newest one of its tenant. */
export function nextChange(
  newest: Change | undefined,
  { action, target, reason, weakens, confirmed_by, unconfirmed, confirms, before, after }: Told,
  { at, actor }: Pick<Change, 'at' | 'actor'>,
): Change {
  return {
    v: 2,
    seq: (newest?.seq ?? 0) + 1,
    at,
    actor,
    action,
    target,
    ...(reason === undefined ? {} : { reason }),
    ...(weakens === undefined ? {} : { weakens }),
    ...(confirmed_by === undefined ? {} : { confirmed_by }),
    ...(unconfirmed === undefined ? {} : { unconfirmed }),
    ...(confirms === undefined ? {} : { confirms }),
    before: valueDigest(before),
    after: valueDigest(after),
    prev: newest === undefined ? null : changeDigest(newest),
    values: { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) },
  };
}

/** The digest by which the next change, and checkpoints, name this one. It holds the digests of the values, not the values. */
export function changeDigest({ values: _, ...change }: Change): Digest {
  return digest('sluice/change/v1', change);
}

/** What is wrong with the values of a change; `undefined` when they are those that its digests name. */
export function wrongValues({ v, before, after, values }: Change): string | undefined {
  if (v === 1) return values === undefined ? undefined : 'carries values that nothing vouches for';
  if (values === undefined) return 'lacks the values that its digests name';
  if (valueDigest(values.before) !== before) return 'says another value before than was recorded';
  return valueDigest(values.after) === after ? undefined : 'says another value after than was recorded';
}

const valueDigest = (value: object | undefined): Digest | null =>
  value === undefined ? null : digest('sluice/catalog/v1', value);

/** What is looked for among changes; `person` is a subject id, or an e-mail in any case, of who made or confirmed it. */
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
  { target, actor, confirmed_by, at }: Change,
  { type, id, person, from, before }: ChangeFilter,
): boolean {
  const people = confirmed_by === undefined ? [actor] : [actor, confirmed_by];
  return (
    (type === undefined || target.type === type) &&
    (id === undefined || target.id === id) &&
    (person === undefined || people.some((each) => isNamed(each, person))) &&
    (from === undefined || at >= from) &&
    (before === undefined || at < before)
  );
}
