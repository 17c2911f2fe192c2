import { entryId, isEntryId } from '../../../domain/config-tree/entry-id.ts';
import { ALL_KEYS } from '../../../domain/config-tree/key-range.ts';
import type { Nodes } from '../../../domain/config-tree/nodes.ts';
import type { Scope } from '../../../domain/config-tree/promote.ts';
import { getBodies, scanAll, scanPage } from '../../../domain/config-tree/scan.ts';
import {
  anySelection,
  EVERYTHING,
  type Selection,
  selectGlobs,
  selectIds,
  selectKeys,
} from '../../../domain/config-tree/selection.ts';
import {
  ENTRY_KINDS,
  type EntryKind,
  entryOfTreeKey,
  isEntryKey,
  treeKey,
} from '../../../domain/config-tree/tree-key.ts';
import type { Digest } from '../../../domain/digest.ts';
import type { ConfigAsked } from '../../../domain/promotion/state.ts';

/** One thing that a request names: by its key, whose place in the tree that is, or by its id. */
type Named = { readonly name: string; readonly kind: EntryKind; readonly place?: string };

/** What a request selects, and each thing that it names. */
export type Selected = { readonly selection: Selection; readonly named: readonly Named[] };

/** What a request selects. What is neither an id nor a key of anything selects nothing. */
export function selectedBy(tenant: string, request: ConfigAsked): Selected {
  const { selects, config_ids, flag_ids, key_patterns, rollback } = request;
  if (rollback !== undefined || selects === 'FULL') return { selection: EVERYTHING, named: [] };
  const globs = selectGlobs(key_patterns);
  if (selects === 'PATTERN') return { selection: globs, named: [] };
  const named = [
    ...config_ids.map((name) => namedIn('config', name)),
    ...flag_ids.map((name) => namedIn('flag', name)),
  ];
  const byKey = selectKeys(named.flatMap(({ place }) => place ?? []));
  const byId = ENTRY_KINDS.map((kind) => selectIds(tenant, kind, idsIn(named, kind)));
  return { selection: anySelection([byKey, ...byId, globs]), named };
}

/** What has the form of an id is an id, also where a key is called so: a pattern selects that. */
const namedIn = (kind: EntryKind, name: string): Named =>
  isEntryKey(name) && !isEntryId(name) ? { name, kind, place: treeKey(kind, name) } : { name, kind };

const idsIn = (named: readonly Named[], of: EntryKind): readonly string[] =>
  named.flatMap(({ name, kind }) => (kind === of && isEntryId(name) ? [name] : []));

/** What a request takes from a source into a target whose owned keys are these patterns. */
export function scopeOf(request: ConfigAsked, selection: Selection, owned: readonly string[]): Scope {
  const back = request.rollback !== undefined;
  return {
    selection,
    owned: selectGlobs(back ? [] : owned),
    prune: back || request.prune,
  };
}

/**
 * Which named things neither tree has; `changed` are keys that one of them is known to have. An id that none of these has is looked for
 * among all keys of its kind.
 */
export async function unmatchedIn(
  nodes: Nodes,
  { tenant, roots, changed }: Where,
  named: readonly Named[],
): Promise<readonly string[]> {
  const places = named.flatMap(({ place }) => place ?? []);
  const found = await Promise.all(roots.map((root) => getBodies(nodes, root, places)));
  const rest = named.filter(({ place }) => place === undefined || !found.some((bodies) => bodies.has(place)));
  const unknown = new Set(ENTRY_KINDS.flatMap((kind) => idsIn(rest, kind)));
  const meet = (place: string) => {
    const { kind, key } = entryOfTreeKey(place);
    unknown.delete(entryId(tenant, kind, key));
  };
  changed.forEach(meet);
  for (const root of roots) {
    if (unknown.size === 0) break;
    for await (const items of scanAll(nodes, root, [ALL_KEYS])) {
      for (const { key } of items) meet(key);
      if (unknown.size === 0) break;
    }
  }
  return rest.flatMap(({ name }) => (isEntryId(name) && !unknown.has(name) ? [] : [name]));
}

type Where = {
  readonly tenant: string;
  readonly roots: readonly Digest[];
  readonly changed: readonly string[];
};

/** Whether any key of any of the trees is selected; reads until it finds one. */
export async function selectsAny(
  nodes: Nodes,
  roots: readonly Digest[],
  { ranges, matches }: Selection,
): Promise<boolean> {
  for (const root of roots) {
    let after: string | undefined;
    do {
      const page = await scanPage(nodes, root, {
        ranges,
        limit: 500,
        ...(after === undefined ? {} : { after }),
      });
      if (page.items.some(({ key }) => matches(key))) return true;
      after = page.after;
    } while (after !== undefined);
  }
  return false;
}
