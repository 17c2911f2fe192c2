import type { Digest } from '../digest.ts';
import type { Boundary } from './boundary.ts';
import type { Sealed } from './chunker.ts';
import { Chunker } from './chunker.ts';
import type { LevelKind } from './level-kind.ts';
import { branchLevel } from './level-kind.ts';
import type { Child, Node } from './node.ts';
import type { Top } from './paths.ts';
import { firstReaching } from './paths.ts';

/** What becomes of one key of a level: its new item, or nothing. */
export type LevelEdit<Item> = { readonly key: string; readonly item: Item | null };

/** The old nodes of a level that edits touch, and the nodes that take their place. */
export type Rechunked = {
  readonly removed: readonly Child[];
  readonly added: readonly Sealed[];
  /** The first edit not yet made. */
  readonly next: number;
  /** Nodes that have to be read first: then all the rest is worth nothing. */
  readonly missing: ReadonlySet<Digest>;
};

/**
 * Cuts again, from the first old node that an edit touches until a new boundary falls on an old one, for the edits from
 * `from` up to `until` (and those behind it that the cutting runs over). `loaded` has the nodes of this level and above. Where one is not
 * loaded it is named, and cutting goes on at the next edit only to name others with it.
 */
export function rechunk<Item extends { readonly key: string }>(
  kind: LevelKind<Item>,
  boundary: Boundary,
  loaded: ReadonlyMap<Digest, Node>,
  top: Top,
  edits: readonly LevelEdit<Item>[],
  from: number,
  until: number,
): Rechunked {
  const removed: Child[] = [];
  const added: Sealed[] = [];
  const missing = new Set<Digest>();
  let next = from;
  while (next < until) {
    const chunker = new Chunker(kind, boundary);
    let low: string | undefined;
    do {
      const found = seek(loaded, top, kind.level, low ?? edits[next]?.key ?? '', low !== undefined);
      if (found === undefined) break;
      const node = 'missing' in found ? undefined : loaded.get(found.id);
      if ('missing' in found || node === undefined) {
        missing.add('missing' in found ? found.missing : found.id);
        next += 1;
        break;
      }
      const isLast = found.key === top.child.key;
      removed.push(found);
      low = found.key;
      const end = isLast ? edits.length : firstAbove(edits, next, found.key);
      for (const item of withEdits(kind.itemsOf(node), edits, next, end)) {
        const sealed = chunker.push(item);
        if (sealed !== undefined) added.push(sealed);
      }
      next = end;
    } while (!chunker.empty);
    const rest = chunker.flush();
    if (rest !== undefined) added.push(rest);
  }
  return { removed, added, next, missing };
}

/**
 * The node of a level that reaches up to a key (the last one when none does), or, `strict`, the first that reaches beyond it (`undefined`
 * behind the last); or the node above it that is not loaded.
 */
function seek(
  loaded: ReadonlyMap<Digest, Node>,
  top: Top,
  level: number,
  key: string,
  strict: boolean,
): Child | { readonly missing: Digest } | undefined {
  const wanted = strict ? `${key}\0` : key;
  if (strict && top.child.key < wanted) return undefined;
  let child = top.child;
  for (let at = top.level; at > level; at -= 1) {
    const node = loaded.get(child.id);
    if (node === undefined) return { missing: child.id };
    const children = branchLevel(at).itemsOf(node);
    const below = children[firstReaching(children, wanted)] ?? children.at(-1);
    if (below === undefined) return undefined;
    child = below;
  }
  return child;
}

function firstAbove(edits: readonly { readonly key: string }[], from: number, key: string): number {
  let at = from;
  for (let edit = edits[at]; edit !== undefined && edit.key <= key; edit = edits[at]) at += 1;
  return at;
}

/** Old items and edits in one order; an edit takes the place of the item with its key. */
function* withEdits<Item extends { readonly key: string }>(
  items: readonly Item[],
  edits: readonly LevelEdit<Item>[],
  from: number,
  end: number,
): Generator<Item> {
  let at = from;
  for (const item of items) {
    let edit = at < end ? edits[at] : undefined;
    for (; edit !== undefined && edit.key < item.key; edit = at < end ? edits[at] : undefined) {
      if (edit.item !== null) yield edit.item;
      at += 1;
    }
    if (edit?.key !== item.key) {
      yield item;
      continue;
    }
    if (edit.item !== null) yield edit.item;
    at += 1;
  }
  for (; at < end; at += 1) {
    const item = edits[at]?.item;
    if (item !== null && item !== undefined) yield item;
  }
}
