import type { EntryKind } from '../domain/config-tree/tree-key.ts';

/** A config or flag by the id under which requests may name it. */
export type NamedEntry = { readonly id: string; readonly kind: EntryKind; readonly key: string };

/** Which key an id stands for. An id is a function of tenant, kind and key, so what is written once never changes. */
export interface EntryIds {
  /** Throws `Unavailable` and `Throttled`; writing one again changes nothing. */
  put(tenant: string, entries: readonly NamedEntry[]): Promise<void>;
  /** Those of the ids that a key was ever written for. */
  read(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, NamedEntry>>;
}
