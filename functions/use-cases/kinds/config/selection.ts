import type { Nodes } from '../../../domain/config-tree/nodes.ts';
import type { Scope } from '../../../domain/config-tree/promote.ts';
import { getBodies, scanPage } from '../../../domain/config-tree/scan.ts';
import {
  EVERYTHING,
  eitherSelection,
  type Selection,
  selectGlobs,
  selectKeys,
} from '../../../domain/config-tree/selection.ts';
import { type EntryKind, isEntryKey, treeKey } from '../../../domain/config-tree/tree-key.ts';
import type { Digest } from '../../../domain/digest.ts';
import { Fault } from '../../../domain/faults.ts';
import type { ConfigAsked, PromotionRequest } from '../../../domain/promotion/state.ts';
import type { Deps } from '../../deps.ts';

/** What a request selects, and each thing it names with the tree key that it stands for, if it stands for any. */
export type Selected = {
  readonly selection: Selection;
  readonly named: readonly { readonly name: string; readonly place: string | undefined }[];
};

/** The registry hands requests to their own kind: any other here is corrupt. */
export function configAsked(request: PromotionRequest): ConfigAsked {
  if (request.kind !== 'config') throw new Fault('Corrupt', `${request.kind} request is no config's`);
  return request;
}

/** What a request selects. An id that was never given out, and is no key, selects nothing. */
export async function selectedBy(
  deps: Pick<Deps, 'entryIds'>,
  tenant: string,
  request: ConfigAsked,
): Promise<Selected> {
  const { selects, config_ids, flag_ids, key_patterns, rollback } = request;
  if (rollback !== undefined || selects === 'FULL') return { selection: EVERYTHING, named: [] };
  const globs = selectGlobs(key_patterns);
  if (selects === 'PATTERN') return { selection: globs, named: [] };
  const ids = [...config_ids, ...flag_ids];
  const known = ids.length === 0 ? new Map() : await deps.entryIds.read(tenant, ids);
  const place = (kind: EntryKind, name: string) => {
    const entry: { readonly kind: EntryKind; readonly key: string } | undefined = known.get(name);
    if (entry?.kind === kind) return treeKey(kind, entry.key);
    return isEntryKey(name) ? treeKey(kind, name) : undefined;
  };
  const named = [
    ...config_ids.map((name) => ({ name, place: place('config', name) })),
    ...flag_ids.map((name) => ({ name, place: place('flag', name) })),
  ];
  const keys = selectKeys(named.flatMap((one) => one.place ?? []));
  return { selection: key_patterns.length === 0 ? keys : eitherSelection(keys, globs), named };
}

/** What a request takes from a source into a target whose owned keys are these patterns. */
export function scopeOf(request: ConfigAsked, selection: Selection, owned: readonly string[]): Scope {
  const back = request.rollback !== undefined;
  return {
    selection,
    owned: selectGlobs(back ? [] : owned),
    prune: back || request.prune,
  };
}

/** Which named things neither tree has. */
export async function unmatchedIn(
  nodes: Nodes,
  roots: readonly Digest[],
  named: Selected['named'],
): Promise<readonly string[]> {
  const places = named.flatMap(({ place }) => place ?? []);
  if (places.length === 0) return named.map(({ name }) => name);
  const found = await Promise.all(roots.map((root) => getBodies(nodes, root, places)));
  return named
    .filter(({ place }) => place === undefined || !found.some((bodies) => bodies.has(place)))
    .map(({ name }) => name);
}

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
