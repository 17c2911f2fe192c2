import type { Freeze } from '../freeze/freeze.ts';
import type { Class } from '../policy/weakening/classes.ts';
import type { Governing, Weakening } from '../policy/weakening/weakening.ts';
import type { Kind } from '../subject.ts';

/** What a change of one item is judged on, beside the item. */
export type World = Governing & {
  /** The groups that a machine is in. */
  readonly machines: readonly string[];
  /** The freezes of the tenant, where the noun asks for them. */
  readonly freezes: readonly Freeze[];
  readonly now: string;
};

/** An item before and after a change; absent: it is not there. */
export type Step<T> = { readonly before: T | undefined; readonly after: T | undefined };

/** One class that a member has, and when a change of it is one of that class. */
export type Judged<T> = {
  readonly is: Class;
  /** When, as the documentation says it: `another registry`. */
  readonly when: string;
  /** As a finding names it; absent: the noun and the member. */
  readonly what?: string;
  /** Absent: whenever what stood has another value, or is gone. */
  readonly holds?: (step: Step<T>, world: World) => boolean;
  /** Absent: the kinds of its noun. */
  readonly kinds?: readonly Kind[];
};

/** The members of a part of an item, each held in its own way, and what changing them does. */
export type Within<T> = {
  readonly within: { readonly [member: string]: Held<never> };
  readonly find: (step: Step<T>, world: World) => readonly Finding[];
};

/** A class, and what is of that class. */
export type Finding = { readonly is: Class; readonly what: string; readonly kinds?: readonly Kind[] };

/**
 * How a member is held: `neutral`; `fixed`, as it never changes; `merged`, by comparing all that governs before and after (the `merged` of
 * its noun); `verb`, where only a verb of its own changes it, which judges itself; or by rules of its own.
 */
export type Held<T> = 'neutral' | 'fixed' | 'merged' | 'verb' | readonly ('merged' | Judged<T>)[] | Within<T>;

/** Set by Sluice whenever an item is written: no change of it is a caller's. */
type Stamp =
  | 'id'
  | 'version'
  | 'guard'
  | 'created_at'
  | 'updated_at'
  | 'created_by'
  | 'tenant'
  | 'since'
  | 'admin_since'
  | 'disabled_reason'
  | 'secret_digest';

/** The members of an item, those of every variant included, that callers change. */
export type MembersOf<T> = T extends T ? Exclude<keyof T & string, Stamp> : never;

/** A class for each member: one that is left out, or unknown, does not compile. */
export type Members<T> = { readonly [M in MembersOf<T>]: Held<T> };

/** What of the world is read: rules and policies, the groups of machines, freezes. */
export type Reads = 'hops' | 'machines' | 'freezes';

/** The second table of a noun: what a change of it does to what governs promotions. */
export type Authority<T> = {
  readonly members: Members<T>;
  /** The environments whose promotions an item concerns, by name. */
  readonly concerns: (item: T, world: World) => readonly string[];
  readonly kinds: readonly Kind[];
  /** What of the world it is judged on, beside the environments. */
  readonly reads: readonly Reads[];
  /** The comparison that judges what is `merged`, and the class of all that it finds. */
  readonly merged?: Merged<T>;
};

export type Merged<T> = {
  readonly is: Class;
  /** What is compared, as the documentation says it. */
  readonly compares: string;
  readonly find: (step: Step<T>, world: World) => readonly Weakening[];
};
