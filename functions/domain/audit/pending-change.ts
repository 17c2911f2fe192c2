import type { Actor } from '../identity/principal.ts';
import { samePerson } from '../identity/same-person.ts';
import { addDuration } from '../instant.ts';
import { isAtMost } from '../policy/weakening/gates.ts';
import { TYPES, type Weakening } from '../policy/weakening/weakening.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { ChangeValues } from './change.ts';
import type { ChangeTarget } from './change-words.ts';

/** How long somebody must have been admin before they confirm. */
export const ADMIN_AGE = 'PT24H';
/** How long a change waits for confirmation. */
export const PENDING_FOR = 'P7D';
/** How long a tenant that had a second admin must do without before one admin weakens alone. */
export const SECOND_ADMIN_MEMORY = 'P30D';

/** A change that weakens a protected environment and takes effect only when a second admin confirms it. */
export type PendingChange = {
  readonly id: string;
  readonly asked_by: Actor;
  readonly expires_at: string;
  readonly action: 'create' | 'update' | 'delete';
  readonly target: { readonly type: ChangeTarget; readonly id: string };
  /** What the item becomes, in its caller's words; absent when it is deleted. */
  readonly fields?: object;
  /** The version of the item that the change was asked of; 0 for a new one. */
  readonly expected: number;
  readonly reason: string;
  readonly weakens: readonly Weakening[];
  /** The item as it stood, and as it becomes. */
  readonly values: ChangeValues;
  readonly version: number;
  /** When it was asked for. */
  readonly created_at: string;
  readonly updated_at: string;
};

/** Someone who administers the tenant, and since when. */
export type Admin = { readonly actor: Actor; readonly since: string };

/** Whether nobody can confirm a change any more. */
export function isOver({ expires_at }: Pick<PendingChange, 'expires_at'>, now: string): boolean {
  return now >= expires_at;
}

/**
 * Why somebody cannot confirm a change now: who asked for it cannot, nor who became admin after it was asked for or within the last 24 h.
 * `confirmer` is absent where they are no admin of the tenant.
 */
export function unconfirmed(
  pending: Pick<PendingChange, 'id' | 'asked_by' | 'created_at' | 'expires_at'>,
  actor: Actor,
  confirmer: Admin | undefined,
  now: string,
): Refusal | undefined {
  if (isOver(pending, now)) {
    return refuse('expired', `${pending.id} expired at ${pending.expires_at}: ask for the change again`, {
      expires_at: pending.expires_at,
    });
  }
  if (samePerson(actor, pending.asked_by)) {
    return refuse('separation_of_duties', 'you asked for this change: another admin must confirm it', {
      relation: 'requester',
    });
  }
  if (confirmer === undefined) return refuse('conflict', 'you are no admin of the tenant any more');
  const { since } = confirmer;
  if (since >= pending.created_at) {
    const detail = `you became admin at ${since}, not before this change was asked for`;
    return refuse('conflict', detail, { since });
  }
  const from = addDuration(since, ADMIN_AGE);
  if (now >= from) return undefined;
  return refuse('conflict', `you became admin at ${since}: you may confirm from ${from} on`, { since, from });
}

/**
 * Whether a change does nothing to what governs promotions but what was asked for, by amount: `5 → 4` covers 4, never 1. What was asked for
 * before amounts were kept is covered by its name.
 */
export function isCovered(
  weakens: readonly Weakening[],
  { weakens: asked }: Pick<PendingChange, 'weakens'>,
): boolean {
  const all = asked.flatMap(atoms);
  return weakens
    .flatMap(atoms)
    .every((one) => all.some((other) => other.name === one.name && isWithin(one.weakening, other.weakening)));
}

/** A weakening by each kind and type that it is of. */
function atoms(weakening: Weakening) {
  const { environment, what, kinds, type, is } = weakening;
  return kinds.flatMap((kind) =>
    (type === undefined ? TYPES : [type]).map((each) => {
      return { name: JSON.stringify([environment, what, kind, each, is]), weakening };
    }),
  );
}

/** Whether one goes no further than another one of its name. */
function isWithin({ what, to }: Weakening, { to: most }: Weakening): boolean {
  if (most === undefined || to === most) return true;
  if (to === undefined) return false;
  if (what === 'required_approvers') return Number(to) >= Number(most);
  return what === 'expires_after' && isAtMost(to, most);
}
