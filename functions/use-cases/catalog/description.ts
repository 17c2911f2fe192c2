import type { ChangeTarget } from '../../domain/audit/change-words.ts';
import type { PendingChange } from '../../domain/audit/pending-change.ts';
import type { Authority } from '../../domain/authority/class.ts';
import type { Environment } from '../../domain/catalog/environment.ts';
import type { Actor, Principal } from '../../domain/identity/principal.ts';
import type { Action } from '../../domain/identity/roles.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { Noun, Nouns } from '../../ports/catalog-store.ts';
import type { Page, PageRequest } from '../../ports/page.ts';
import type { CatalogItem, Write } from '../../ports/transaction.ts';
import type { Deps } from '../deps.ts';
import type { CallLimits } from './callable.ts';

/** What keeping any noun reads and writes. */
export type KeepingDeps = Pick<
  Deps,
  | 'catalog'
  | 'directory'
  | 'changes'
  | 'heads'
  | 'promotions'
  | 'chunkingKeys'
  | 'transactions'
  | 'denials'
  | 'clock'
  | 'ids'
  | 'random'
  | 'sleep'
> &
  CallLimits;

/** What every item has. */
export type Kept = { readonly version: number; readonly created_at: string; readonly updated_at: string };

/** Which item is meant; `scope` is the environment, by name or alias, or `*`, that its address names. */
export type Ref = { readonly id: string; readonly scope?: string };

/** Who confirms a change that waits. */
export type Confirming = { readonly by: Principal; readonly pending: PendingChange };

/**
 * Who changes an item, and why. A change that weakens what governs promotions takes a reason. `confirming`: the change was asked for by
 * the principal before, and another admin confirms it now.
 */
export type Changing = {
  readonly principal: Principal;
  readonly reason?: string;
  readonly confirming?: Confirming;
};

/** What became of a change: the item as it is now, or the change that waits for a second admin. */
export type Outcome<T> = T | Waiting;
export type Waiting = { readonly pending: PendingChange };

/** Whether a change waits for a second admin. */
export function isWaiting<T extends Kept>(outcome: Outcome<T>): outcome is Waiting {
  return 'pending' in outcome;
}

/** Where the items of a noun are. */
export type Storage<T> = {
  read(deps: KeepingDeps, tenant: string, ref: Ref): Promise<T | undefined>;
  page(deps: KeepingDeps, tenant: string, page: PageRequest): Promise<Page<T>>;
  /** All items that count towards the limit. */
  count(deps: KeepingDeps, tenant: string): Promise<number>;
  put(item: T, expected: number): Write;
  remove(item: T): Write;
};

/** What an item is made of: the caller's words on the tenant as it is now. */
export type Making<T, F> = {
  readonly deps: KeepingDeps;
  readonly principal: Principal;
  readonly tenant: string;
  readonly fields: F;
  readonly ref: Ref;
  readonly environments: readonly Environment[];
  readonly now: string;
  /** The item as it stands; absent for a new one. */
  readonly stored: T | undefined;
  /** Version and times of the item that is made. */
  readonly stamp: Kept;
};

/** What a change of an item touches beside it. */
export type Beside<T> = {
  readonly environments: readonly Environment[];
  readonly before: T | undefined;
  readonly after: T | undefined;
};

/**
 * One noun: everything in which it differs from the others. Five verbs follow from it (`keeping.ts`), each of which authorizes before
 * any function of the description sees what the caller said.
 */
export type Description<T extends Kept, F extends object> = {
  /** As the chain of changes names it. */
  readonly type: ChangeTarget;
  /** As people name it: `approval policy`. */
  readonly words: string;
  readonly actions: { readonly read: Action; readonly write: Action };
  /** Items that a tenant may have. */
  readonly limit: number;
  readonly storage: Storage<T>;
  /** The prefix of new ids; absent where the caller names the item. */
  readonly prefix?: string;
  /** The id that the caller's words give; `undefined`: a new one. */
  named?(fields: F): string | undefined;
  idOf(item: T): string;
  /** Environments whose role going over from one item into another (or from and to nothing) takes; `*` or none is the tenant's. */
  scope(before: T | undefined, after: T | undefined): readonly string[];
  /** Environments, by name or alias, that the caller's words name: all must be there, and their roles are asked before `make`. */
  asked(ref: Ref, fields: F | undefined, stored: T | undefined): readonly string[];
  /** Whether this is the caller's own item, which anybody may read. */
  isOwn?(principal: Principal, id: string): boolean;
  make(making: Making<T, F>): Promise<T | Refusal> | T | Refusal;
  /** Why an item cannot be deleted now, or what its removal writes beside it so that this holds until then. */
  heldBy?(deps: KeepingDeps, tenant: string, item: T): Promise<Refusal | readonly Write[] | undefined>;
  /** Why an item cannot go over into another, or to nothing, by this caller now. */
  forbids?(deps: KeepingDeps, tenant: string, change: Beside<T>): Promise<Refusal | undefined>;
  /** What a change of each member does to what governs promotions. */
  readonly authority: Authority<T>;
  /** What is done before a new item is put, and again where it was broken off; `false`: another writer was faster. */
  prepare?(deps: KeepingDeps, tenant: string, item: T): Promise<boolean>;
  /** Whether one admin alone may weaken by it, as in an incident. */
  readonly alone?: true;
  /** The admin of the tenant whom a change takes the role from. */
  removesAdmin?(change: Beside<T>): Actor | undefined;
  /** What a commit writes beside the item: guards that are raised, places that open. */
  beside(change: Beside<T>): readonly Write[];
  /** The item as changes record it. */
  recorded(item: T): object;
  /** Why a change is made, where the item itself says so. */
  reasonOf?(item: T): string;
};

/** The place of a noun of the catalog. */
export function inCatalog<N extends Noun>(
  noun: N,
  entry: (item: Nouns[N]) => CatalogItem,
): Storage<Nouns[N]> {
  return {
    read: (deps, tenant, { id }) => deps.catalog.item(tenant, noun, id),
    page: (deps, tenant, page) => deps.catalog.page(tenant, noun, page),
    count: async (deps, tenant) => (await deps.catalog.all(tenant, noun)).length,
    put: (item, expected) => ({ write: 'catalog', entry: entry(item), expected }),
    remove: (item) => ({
      write: 'catalog_delete',
      type: noun,
      id: 'id' in item ? item.id : item.name,
      expected: item.version,
    }),
  };
}

/** Raises the guards of environments, each once: what is being executed there decides again. */
export function raised(environments: readonly Environment[], names: readonly string[]): readonly Write[] {
  const known = environments.map(({ name }) => name).filter((name) => names.includes(name));
  return known.map((environment) => ({ write: 'raise_guard', environment }));
}
