import { entryId } from './entry-id.ts';
import { globMatches, literalPrefix } from './glob.ts';
import type { KeyRange } from './key-range.ts';
import { ALL_KEYS, keyRange, prefixRange, unionOfRanges } from './key-range.ts';
import type { EntryKind } from './tree-key.ts';
import { ENTRY_KINDS, entryOfTreeKey, treeKey } from './tree-key.ts';

/** Some keys of the tree: those in the sorted ranges that also match. Nothing outside the ranges is read. */
export type Selection = {
  readonly ranges: readonly KeyRange[];
  readonly matches: (key: string) => boolean;
};

/** Every key. */
export const EVERYTHING: Selection = { ranges: [ALL_KEYS], matches: () => true };

/** Keys named one by one, as tree keys. */
export function selectKeys(keys: Iterable<string>): Selection {
  const named = new Set(keys);
  return { ranges: unionOfRanges(Array.from(named, keyRange)), matches: (key) => named.has(key) };
}

/** Keys that match any of the patterns (`isGlob`), of the kinds given. A literal prefix is a range; a leading wildcard reads everything. */
export function selectGlobs(globs: readonly string[], kinds: readonly EntryKind[] = ENTRY_KINDS): Selection {
  const ranges = kinds.flatMap((kind) =>
    globs.map((glob) => {
      const prefix = literalPrefix(glob);
      return prefix === glob ? keyRange(treeKey(kind, glob)) : prefixRange(treeKey(kind, prefix));
    }),
  );
  const matches = (key: string) => {
    const entry = entryOfTreeKey(key);
    return kinds.includes(entry.kind) && globs.some((glob) => globMatches(glob, entry.key));
  };
  return { ranges: unionOfRanges(ranges), matches };
}

/** Keys of one kind named by their ids. Nothing orders ids, so all keys of the kind are looked at. */
export function selectIds(tenant: string, kind: EntryKind, ids: Iterable<string>): Selection {
  const named = new Set(ids);
  if (named.size === 0) return NOTHING;
  const matches = (place: string) => {
    const entry = entryOfTreeKey(place);
    return entry.kind === kind && named.has(entryId(tenant, kind, entry.key));
  };
  return { ranges: [prefixRange(treeKey(kind, ''))], matches };
}

/** What any of them selects. */
export function anySelection(selections: readonly Selection[]): Selection {
  return selections.reduce(eitherSelection, NOTHING);
}

const NOTHING: Selection = { ranges: [], matches: () => false };

/** What either selects. */
export function eitherSelection(a: Selection, b: Selection): Selection {
  return {
    ranges: unionOfRanges([...a.ranges, ...b.ranges]),
    matches: (key) => a.matches(key) || b.matches(key),
  };
}
